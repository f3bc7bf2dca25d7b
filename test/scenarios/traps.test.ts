// A trap address is a weapon in an outsider's hand: whoever knows one writes it into a mail and waits. What a customer does who was led
// to one, and what a bot does, from their mail to what is decided.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { shipped } from '../support/shipped.ts'
import { customer } from '../support/small-cordon.ts'

const START = Date.UTC(2026, 0, 5, 12)
const FIRST = 'never.given@isp.example'
const SECOND = 'spamtrap@meadow.example'
const THIRD = 'third@meadow.example'

type Mail = {
  readonly to: readonly string[]
  readonly header?: string
  readonly text?: string
  readonly sender?: string
  /** Minutes after the start. */
  readonly minute?: number
  /** It has no Message-ID. */
  readonly unnamed?: boolean
}

const OFFER = 'We have a fine offer of used bicycles for everybody'
const HOLIDAY = 'The holidays by the sea were lovely, and much too short'
const SPAM = 'Buy cheap pills now from our wonderful shop'

const WORDS = 'apples boats clouds dunes eagles forests gardens hills islands lakes'.split(' ')

/** What a bot sends from a list before it comes to what matters: each text another, so that no sum isolates it. */
const toList = (minute: number, count = 5): readonly Mail[] =>
  WORDS.slice(0, count).map(word => ({
    to: [`${word}${minute}@meadow.example`],
    text: `All about ${word} of the ${word} and more ${word}`,
    minute,
  }))

/** Anna's mail, after what came to her from outside; what was then decided on her line, and what it is accused of. */
async function after(mail: readonly Mail[], fromOutside: readonly Mail[] = []) {
  const cordon = await virtualCordon({
    subscribers: [customer('anna'), customer('bert')],
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: ['isp.example'],
    forwards: {},
    scanner: {
      name: 'pills',
      sees: 'ours',
      scan: async ({ summary }) => ({ content: summary.text.includes('pills') ? 'spam' : 'clean' }),
    },
    traps: [FIRST, SECOND, THIRD],
    ...shipped,
    now: () => START,
  })
  const send = async (one: Mail, outside: boolean) => {
    const { to, header = '', text = 'Good morning', minute = 0 } = one
    const sender = one.sender ?? (outside ? 'shop@far.example' : 'anna@isp.example')
    const draft = await cordon.engine.open({
      session: 's',
      listener: outside ? 'inbound' : 'submission',
      at: START + minute * 60_000,
      client: { realm: 'main', address: outside ? '198.51.100.9' : '203.0.113.7', port: 4000 },
      tls: true,
      helo: 'x',
      ...(outside ? {} : { login: 'anna@isp.example' }),
      sender,
      recipients: to,
      extended: true,
      wishes: {},
    })
    const named = outside && one.unnamed ? '' : `Message-ID: <${minute}@x.example>\r\n`
    const first = `From: <${sender}>\r\nDate: Mon, 5 Jan 2026 12:00:00 +0000\r\n${named}`
    await draft.write(Buffer.from(`${first}${header}\r\n${text}\r\n`))
    return (await draft.finish()).verdict.kind
  }
  for (const one of fromOutside) assert.equal(await send(one, true), 'accept')
  const verdicts: string[] = []
  for (const one of mail) verdicts.push(await send(one, false))
  await cordon.engine.idle()
  const decided = cordon.journal.flatMap(event =>
    event.kind === 'decision-made' ? [event.what] : [],
  )
  const cells = cordon.journal.flatMap(event =>
    event.kind === 'evidence-weighed' && event.cell.startsWith('message/trap') ? [event.cell] : [],
  )
  await cordon.close()
  return { decided, cells, verdicts }
}

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
  assert.deepEqual(decided, ['hold', 'isolate'])
  // Not the sum of all this, but the second trap.
  const once = await after([...toList(0), { to: [FIRST], text: OFFER }, ...toList(120)])
  assert.deepEqual(once.decided, ['hold'])
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
  const spam = { to: ['stranger@meadow.example'], text: SPAM }
  for (const mail of [
    [...run, trap, { ...spam, minute: 5 }],
    [...run, spam, { ...trap, minute: 5 }],
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

const DAY = 24 * 60
const NAMES =
  'Anna,Bob Miller,Carla of the Lake,Dieter,Eva,Franz Josef Huber,Gerda Maria,Hans im Glueck'
const visitors = NAMES.split(',')
/** What a form of a club answers to whatever address a visitor types; the visitor's name and words stand in it. */
const signUp = (name: string, words: string) =>
  `Dear ${name},\r\n\r\nthank you for registering with our club. ${words}\r\nPlease confirm by answering this mail.\r\n\r\nYour message to us was: ${words}\r\n\r\nYours, the club\r\n`
const contact = (name: string, words: string) =>
  `Hello ${name}! We have got what you wrote on our page, and somebody will look at it within three days.\r\n> ${words}\r\n`

/** An outsider types these addresses into a form, each time with other words. */
const typed = (
  form: (name: string, words: string) => string,
  traps: readonly string[],
  minute = 0,
): Mail[] =>
  [...WORDS.slice(0, 6).map(word => `${word}${minute}@shop.example`), ...traps].map((to, i) => {
    const name = visitors[i] ?? ''
    const words = `${WORDS.slice(i, i + 3).join(' the ')} ${name} ${'lorem ipsum '.repeat(i)}`
    return { to: [to], text: form(name, words), minute }
  })

test('an outsider types two traps into a form among six strangers: that isolates nobody', async () => {
  for (const form of [signUp, contact]) {
    const { decided } = await after(typed(form, [FIRST, SECOND]))
    assert.ok(!decided.includes('isolate'), String(decided))
  }
  // With as many words as a form takes.
  const long = typed(
    (name, words) => signUp(name, `${words} ${OFFER} ${name} `.repeat(90)),
    [FIRST, SECOND],
  )
  assert.ok(!(await after(long)).decided.includes('isolate'))
})

test('nor do two forms that have answered strangers for days, whatever is typed into them', async () => {
  const before = [0, 1, 2].flatMap(day =>
    [signUp, contact].map((form, i) => ({
      to: [`guest${day}${i}@meadow.example`],
      text: form(`Guest ${WORDS[day]}`, `I would like to come, with ${WORDS[day + i]}`),
      minute: day * DAY + i,
    })),
  )
  // What one of them quotes is spam: another kind, but for a text that is not usual.
  const quoting = typed(signUp, [FIRST], 4 * DAY).map((one, i) =>
    i === 2 ? { ...one, text: signUp('Eva', SPAM) } : one,
  )
  const attacks = [
    [...typed(signUp, [FIRST], 4 * DAY), ...typed(contact, [SECOND], 4 * DAY + 90)],
    quoting,
  ]
  for (const attack of attacks) {
    const { decided, cells } = await after([...before, ...attack])
    assert.ok(!decided.includes('isolate'), String(decided))
    assert.deepEqual([...new Set(cells)], ['message/trap-led'])
  }
})

test('a wedding, a club with stale addresses and a shop isolate nobody', async () => {
  const wedding = Array.from({ length: 24 }, (_, i) => ({
    to: [i === 9 ? FIRST : i === 20 ? SECOND : `guest${i}@meadow.example`],
    text: `Dear ${visitors[i % 8]}, we are getting married in May, and would be happy to have you with us at the lake. Do you remember the ${WORDS[i % 10]}? ${visitors[(i * 3) % 8]} will be there, too.`,
    minute: i * 2,
  }))
  const club = Array.from({ length: 40 }, (_, i) => ({
    to: [i === 12 ? FIRST : i === 30 ? SECOND : `member${i}@meadow.example`],
    text: `${i < 20 ? HOLIDAY : OFFER}.\r\nThe committee of the sailing club of Lower Meadow wishes you a fine spring.`,
    minute: i,
  }))
  const shop = Array.from({ length: 20 }, (_, i) => ({
    to: [i === 9 ? FIRST : i === 17 ? SECOND : `buyer${i}@meadow.example`],
    text: `Thank you for your order number ${4711 + i}. You have ordered: ${WORDS.slice(i % 7, (i % 7) + 3).join(', ')}. We send it within two days. Total: ${i}.99`,
    minute: i * 3,
  }))
  for (const mail of [wedding, club, shop]) {
    const { decided } = await after(mail)
    assert.ok(!decided.includes('isolate'), String(decided))
  }
})

test('a bot with three templates and a list with two traps in it is isolated at the second', async () => {
  const templates = [
    (name: string) => `Hi ${name}, your parcel could not be delivered, see the new date here`,
    (name: string) => `${name}: the best watches of the season have never been so affordable`,
    (name: string) => `Lonely tonight? Somebody nearby wants to meet ${name} and waits for a reply`,
  ]
  const list = [...WORDS.map(word => `${word}@meadow.example`), FIRST, 'x@far.example', SECOND]
  const bot = list.map((to, i) => ({
    to: [to],
    text: (templates[i % 3] as (name: string) => string)(visitors[i % 8] ?? ''),
    minute: i,
  }))
  const { decided } = await after(bot)
  assert.ok(decided.includes('isolate'), String(decided))
})
