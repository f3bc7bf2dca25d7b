// A trap address is a weapon in an outsider's hand: whoever knows one writes it into a mail and waits. What a customer does who was led
// to one, and what a bot does, from their mail to what is decided.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  after,
  FIRST,
  HOLIDAY,
  OFFER,
  SECOND,
  SPAM,
  sent,
  THIRD,
  toList,
  type TrapMail,
  WORDS,
} from '../support/trap-mail.ts'

const LED = { decided: [], cells: ['message/trap-led'], verdicts: ['accept'] }

test('one answer to a trap isolates nobody, and is shown', async () => {
  for (const header of ['In-Reply-To: <1@far.example>\r\n', 'References: <1@far.example>\r\n'])
    assert.deepEqual(await after([{ to: [FIRST], header, text: HOLIDAY }]), LED)
})

test('nor does one to a trap that mail from outside named, wherever it stood', async () => {
  const base64 =
    'MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n'
  const link = `<a href="mailto:${FIRST.replace('@', '&#64;')}">write to us</a>`
  for (const named of [
    { header: `Reply-To: <${FIRST}>\r\n` },
    { header: `Cc: Friends <${FIRST.toUpperCase()}>\r\n` },
    { header: `List-Unsubscribe: <mailto:${FIRST}?subject=off>\r\n` },
    { text: `Please write to ${FIRST}.` },
    { header: base64, text: Buffer.from(link).toString('base64') },
    { sender: '', header: `X-Failed: ${FIRST}\r\n` },
  ]) {
    const led = await after(
      [{ to: [FIRST], text: HOLIDAY }],
      [{ to: ['anna@isp.example'], ...named }],
    )
    assert.deepEqual(led, LED, JSON.stringify(named))
  }
  const toBert = await after(
    [{ to: [FIRST], text: HOLIDAY }],
    [{ to: ['bert@isp.example'], text: `Please write to ${FIRST}.` }],
  )
  // Nobody named it to Anna where we see it; that proves nothing.
  assert.deepEqual(toBert, LED)
})

test('an empty message, as a mail program sends it to leave a list, and mail to a list are led', async () => {
  for (const one of [
    { text: '' },
    { header: 'Subject: Unsubscribe\r\n', text: 'x' },
    { header: 'List-Id: Our club <club.isp.example>\r\n', text: OFFER },
  ])
    assert.deepEqual(await after([{ to: [FIRST], ...one }]), LED)
})

test('a receipt, as a mail program sends it when a stranger wants one, is nobody’s doing', async () => {
  const header =
    'Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n'
  assert.deepEqual((await after([{ to: [FIRST], header }])).cells, [])
})

test('many answers to many traps isolate nobody', async () => {
  const header = 'In-Reply-To: <1@far.example>\r\n'
  const { decided, cells } = await after(
    Array.from({ length: 9 }, (_, i) => ({
      to: [[FIRST, SECOND, THIRD][i % 3] as string],
      header,
      text: `${i % 2 ? OFFER : HOLIDAY} ${'sunshine '.repeat(i)}`,
      minute: i * 40,
    })),
  )
  assert.deepEqual(decided, [])
  assert.deepEqual(cells, ['message/trap-led'])
})

test('one trap isolates nobody, however many are in its message or get the same text', async () => {
  const same = [FIRST, SECOND, THIRD].map((to, i) => ({ to: [to], text: OFFER, minute: i }))
  for (const mail of [
    [{ to: [FIRST], text: OFFER }],
    [{ to: [FIRST, SECOND, THIRD], text: OFFER }],
    same,
    [
      { to: [FIRST], text: OFFER },
      { to: [FIRST], text: HOLIDAY, minute: 1 },
    ],
    [
      { to: [FIRST, SECOND], text: OFFER },
      { to: [SECOND, FIRST], text: HOLIDAY, minute: 1 },
    ],
  ]) {
    const { decided, cells } = await after(mail)
    assert.deepEqual(decided, [], JSON.stringify(mail))
    assert.deepEqual(cells, ['message/trap-led'])
  }
})

test('two texts to two traps, both sent as to a list, are no accident', async () => {
  const { decided } = await after([
    ...toList(0),
    { to: [FIRST], text: OFFER },
    ...toList(120),
    { to: [SECOND], text: HOLIDAY, minute: 120 },
  ])
  assert.deepEqual(decided, ['isolate'])
  // Not the sum of all this, but the second trap.
  const once = await after([...toList(0), { to: [FIRST], text: OFFER }, ...toList(120)])
  assert.deepEqual(once.decided, [])
})

/** A form answers what a visitor typed, with the visitor's words: to six addresses of anybody, and to two traps. */
const FORMS: Readonly<Record<string, (words: string) => string>> = {
  ja: words =>
    `お問い合わせいただき、ありがとうございます。以下の内容で受け付けました。担当者より折り返しご連絡いたします。\r\n内容：${words}\r\n株式会社サンプル`,
  zh: words =>
    `您好！请点击以下链接确认您的电子邮件地址，完成注册过程。\r\n留言：${words}\r\n如果您没有注册，请忽略此邮件。`,
  th: words => `ขอบคุณที่ติดต่อเรา\r\n${words}\r\nขอแสดงความนับถือ`,
  hi: words => `संपर्क करने के लिए आपका धन्यवाद\r\n${words}\r\nहम शीघ्र ही आपको उत्तर देंगे, सादर नमस्कार`,
  'a line of it': words => `谢谢\r\n${words}`,
  'a few words': words => `Thank you ${words.slice(0, 2)}`,
}
const VISITORS =
  '苹果很好吃今天 天气不错我们去 山上有很多树木 河里的鱼在游泳 学校明天放假了 猫睡在沙发上面 火车晚点三小时 图书馆关门早了'.split(
    ' ',
  )

test('a form is no list in any script, and what is too short to compare is not another text', async () => {
  for (const [name, form] of Object.entries(FORMS)) {
    const short = name === 'a line of it' ? 3 : 100
    const mail = VISITORS.map((words, i) => ({
      to: [i < 6 ? `a${i}@meadow.example` : i === 6 ? FIRST : SECOND],
      text: form(words.slice(0, short)),
      minute: i,
    }))
    const { decided } = await after(mail)
    assert.ok(!decided.includes('isolate'), `${name}: ${String(decided)}`)
  }
})

test('a list in Chinese is one all the same', async () => {
  const chinese = (minute: number) =>
    toList(minute).map(one => ({ ...one, text: `${one.text} 今天` }))
  const { decided } = await after([
    ...chinese(0),
    { to: [FIRST], text: '我们有很多便宜的二手自行车出售欢迎选购' },
    ...chinese(120),
    { to: [SECOND], text: '海边度假非常愉快只是时间太短了', minute: 120 },
  ])
  assert.deepEqual(decided, ['isolate'])
})

test('one of them as to a list, the other by itself: that is no list', async () => {
  const { decided } = await after([
    ...toList(0),
    { to: [FIRST], text: OFFER },
    { to: [SECOND], text: HOLIDAY, minute: 120 },
  ])
  assert.ok(!decided.includes('isolate'), String(decided))
})

test('an address that we did not see being named is answered: many traps that somebody writes to by themselves isolate nobody', async () => {
  // A picture, a telephone call, mail of another provider: nobody can see them all.
  const drawn = [FIRST, SECOND, THIRD].map((to, i) => ({
    to: [to],
    text: `${[OFFER, HOLIDAY, 'No, I never ordered anything from you'][i]}`,
    minute: i * 10,
  }))
  assert.deepEqual((await after(drawn)).decided, [])
  // Beside them a busy hour: friends, customers who asked, and a few strangers.
  const friends = Array.from({ length: 30 }, (_, i) => ({ to: ['bert@isp.example'], minute: i }))
  const answers = toList(31).map(one => ({ ...one, header: 'In-Reply-To: <1@x>\r\n' }))
  for (const others of [friends, answers, toList(31, 4)]) {
    const { decided } = await after([
      ...others,
      ...drawn.slice(1).map(one => ({ ...one, minute: 31 })),
    ])
    assert.ok(!decided.includes('isolate'), JSON.stringify(others[0]))
  }
})

test('an outsider hides two traps from us in mail without Message-ID; who answers both is not isolated, and is seen to be led', async () => {
  const mail = [
    { to: [FIRST], text: 'No, I never ordered anything from you, please check again.' },
    { to: [SECOND], text: 'Yes, confirmed, the invoice was paid on Monday.', minute: 20 },
  ]
  const hidden = [
    { header: 'Reply-To: "never.given"@isp.example\r\n' },
    { header: 'Reply-To: spamtrap (shop)@meadow.example\r\n' },
  ]
  const outside = hidden.map(one => ({ to: ['anna@isp.example'], unnamed: true, ...one }))
  assert.deepEqual(await after(mail, outside), {
    decided: [],
    cells: ['message/trap-led'],
    verdicts: ['accept', 'accept'],
  })
})

test('one of them led to, the other not: that is one', async () => {
  const header = 'In-Reply-To: <1@far.example>\r\n'
  for (const mail of [
    [
      { to: [FIRST], text: OFFER, header },
      { to: [SECOND], text: HOLIDAY, minute: 20 },
    ],
    [
      { to: [SECOND], text: HOLIDAY },
      { to: [FIRST], text: OFFER, header, minute: 20 },
    ],
  ])
    assert.deepEqual((await after(mail)).decided, [])
})

test('two traps with more than a week between them are two accidents', async () => {
  const later = 8 * 24 * 60
  const { decided } = await after([
    ...toList(0),
    { to: [FIRST], text: OFFER },
    ...toList(later),
    { to: [SECOND], text: HOLIDAY, minute: later },
  ])
  assert.deepEqual(decided, [])
})

test('a trap and, in another message, another kind of evidence: in either order', async () => {
  const run = toList(0)
  const trap = { to: [FIRST], text: OFFER }
  const spam = ['a', 'b'].map(who => ({ to: [`${who}@meadow.example`], text: `${SPAM} ${who}` }))
  const later = (mail: readonly TrapMail[]) => mail.map(one => ({ ...one, minute: 5 }))
  for (const mail of [
    [...run, trap, ...later(spam)],
    [...run, ...spam, ...later([trap])],
  ])
    assert.ok((await after(mail)).decided.includes('isolate'), JSON.stringify(mail))
})

test('a trap that somebody was led to where nobody sees it is not half of what is certain', async () => {
  const trap = { to: [FIRST], text: HOLIDAY }
  const quoted = { to: ['stranger@meadow.example'], text: SPAM }
  const more = { to: [SECOND], text: 'Yes, confirmed, the invoice was paid on Monday.' }
  for (const mail of [
    [trap, { ...quoted, minute: 5 }],
    [quoted, { ...trap, minute: 5 }],
    [trap, { ...more, minute: 5 }, { ...quoted, minute: 10 }],
  ]) {
    const { decided, cells } = await after(mail)
    assert.ok(!decided.includes('isolate'), JSON.stringify(mail))
    assert.deepEqual(cells, ['message/trap-led'])
  }
})

test('who is led every day of a week is not isolated by what adds up, one busy hour included', async () => {
  const header = 'In-Reply-To: <1@far.example>\r\n'
  const DAY = 24 * 60
  const led = Array.from({ length: 6 }, (_, i) => ({
    to: [[FIRST, SECOND, THIRD][i % 3] as string],
    header,
    text: `${HOLIDAY} ${WORDS.slice(0, i + 1).join(' ')}`,
    minute: i * DAY,
  }))
  const busy = Array.from({ length: 30 }, (_, i) => ({
    to: ['bert@isp.example'],
    minute: 5 * DAY + 1,
    text: `${HOLIDAY} ${i}`,
  }))
  const { decided, cells } = await after([...led, ...busy])
  assert.ok(!decided.includes('isolate'), String(decided))
  assert.ok(cells.length <= 2, String(cells))
})

test('what else the message to the trap says is not another kind: an answer quotes what a stranger wrote', async () => {
  const { decided } = await after([{ to: [FIRST], text: SPAM }])
  assert.ok(!decided.includes('isolate'), String(decided))
  const header = 'In-Reply-To: <1@far.example>\r\n'
  const answered = await after([
    { to: [FIRST], text: SPAM, header },
    { to: ['stranger@meadow.example'], text: HOLIDAY, minute: 5 },
  ])
  assert.deepEqual(answered.decided, [])
})

test('staff are told which trap it was and in which message; every later hit names it, too', async () => {
  const { journal } = await sent([
    { to: [FIRST], text: OFFER },
    { to: [FIRST, SECOND], text: HOLIDAY, minute: 5 },
  ])
  const [first, second] = journal.filter(event => event.kind === 'tx-commit')
  const weighed = journal.find(event => event.kind === 'evidence-weighed' && event.forStaff)
  assert.deepEqual(
    weighed?.kind === 'evidence-weighed' && weighed.forStaff,
    `${FIRST}, message ${first?.message}`,
  )
  assert.deepEqual([first?.traps, second?.traps], [[FIRST], [FIRST, SECOND]])
})
