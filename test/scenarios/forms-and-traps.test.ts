// What forms, weddings, clubs and shops send is of one template, and an outsider may choose to whom: two traps among the recipients make
// nothing certain. What a bot sends from a list is still found.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  after,
  FIRST,
  HOLIDAY,
  OFFER,
  sent,
  SECOND,
  SPAM,
  WORDS,
  type TrapMail,
} from '../support/trap-mail.ts'

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
): TrapMail[] =>
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

/** Words that occur nowhere else. */
const junk = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) =>
    String((from + i) * 7919).replaceAll(/\d/g, digit => 'bcdfghklmn'[Number(digit)] ?? ''),
  ).join(' ')

test('nor if the visitor fills both ends of the text, in any script and at any length', async () => {
  const han = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      String.fromCodePoint(0x4e00 + ((from * 131 + i) % 16_000)),
    ).join('')
  for (const [fill, counts] of [
    [junk, [40, 67, 300, 3000]],
    [han, [131, 400, 20_000]],
  ] as const)
    for (const count of counts) {
      const filled = typed(() => '', [FIRST, SECOND]).map((one, i) => ({
        ...one,
        text: signUp(fill(i * 2 * count, count), fill((i * 2 + 1) * count, count)),
      }))
      const { decided, cells } = await after(filled)
      assert.ok(
        cells.some(cell => cell.startsWith('message/trap')),
        String(cells),
      )
      assert.ok(!decided.includes('isolate'), `${fill.name} ${count}: ${String(decided)}`)
    }
})

test('nor does what an outsider types or uploads that cannot be read, with a trap and without one', async () => {
  const odd = { header: 'Content-Type: message/partial; id=x\r\n' }
  const withTrap = typed(signUp, [FIRST]).map(one => ({ ...one, ...odd }))
  const many = Array.from({ length: 24 }, (_, i) => ({
    to: [`guest${i}@shop.example`],
    text: signUp(visitors[i % 8] ?? '', `lorem ${WORDS[i % 10]} ${i}`),
    minute: i,
    ...(i > 3 ? odd : {}),
  }))
  for (const mail of [withTrap, withTrap.toReversed(), many]) {
    const { journal } = await sent(mail, [], 'shadow')
    const weighed = journal.flatMap(event =>
      event.kind === 'evidence-weighed' ? [event.cell] : [],
    )
    assert.ok(weighed.includes('message/unreadable'), String(weighed))
    const decided = journal.flatMap(event => (event.kind === 'decision-made' ? [event.what] : []))
    assert.ok(!decided.includes('isolate'), String(decided))
    const { decided: byEpisodes } = await after(mail)
    assert.ok(!byEpisodes.includes('isolate'), String(byEpisodes))
  }
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
  const filled = (form: typeof signUp, trap: string, minute: number) =>
    typed(form, [trap], minute).map((one, i) => ({
      ...one,
      text: form(junk(minute + i * 200, 80), junk(minute + i * 200 + 100, 80)),
    }))
  const attacks = [
    [...filled(signUp, FIRST, 4 * DAY), ...filled(contact, SECOND, 4 * DAY + 90)],
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
