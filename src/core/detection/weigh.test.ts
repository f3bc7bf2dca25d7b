// Which subject's sum an event goes into, and which events are no evidence.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../model/duration.ts'
import type { Event, EventOf } from '../../model/event.ts'
import type { Sureness } from '../../model/lease.ts'
import { COMPLAINT } from './episodes/tables.ts'
import { subjectsOf, weigh } from './weigh.ts'

const AT = Date.UTC(2026, 0, 5, 12)
const who = (sure: Sureness) =>
  ({ realm: 'main', address: '203.0.113.7', subscriber: 'anna', sure }) as const

test('a line answers only for what surely came from it, a login only where it is not at home', () => {
  const anna = { subscriber: 'anna', login: 'anna@isp.example' }
  assert.deepEqual(subjectsOf({ ...anna, sure: 'certain' }, 'anna'), ['line:anna'])
  assert.deepEqual(subjectsOf({ ...anna, sure: 'certain' }, 'bert'), [
    'line:anna',
    'login:anna@isp.example',
  ])
  for (const sure of ['ambiguous', 'unknown'])
    assert.deepEqual(subjectsOf({ ...anna, sure }, 'anna'), ['login:anna@isp.example'], sure)
})

test('what may be forged, or be of any line, is evidence against none', () => {
  const seen = (sure: Sureness, antiSpoofed: boolean): Event => ({
    id: 'e',
    seq: 0,
    kind: 'traffic-seen',
    at: AT,
    who: who(sure),
    sign: 'scan',
    port: 445,
    other: '198.51.100.7',
    count: 500,
    antiSpoofed,
  })
  assert.equal(weigh(seen('certain', true)).length, 1)
  assert.deepEqual(weigh(seen('certain', false)), [])
  assert.deepEqual(weigh(seen('ambiguous', true)), [])
  const knocked = (
    completed: boolean,
    antiSpoofed: boolean,
    sure: Sureness = 'certain',
  ): Event => ({
    id: 'e',
    seq: 0,
    kind: 'egress-attempt',
    at: AT,
    who: who(sure),
    destination: '198.51.100.7',
    port: 25,
    completed,
    antiSpoofed,
    outcome: 'refused',
    fanOut: 50,
  })
  assert.ok(weigh(knocked(true, false)).length > 0)
  assert.ok(weigh(knocked(false, true)).length > 0)
  assert.deepEqual(weigh(knocked(false, false)), [])
  assert.deepEqual(weigh(knocked(true, true, 'ambiguous')), [])
})

/** Of a message of anna's, whatever is in it. */
const SENT = {
  id: 'e',
  seq: 0,
  kind: 'tx-commit',
  at: AT,
  who: who('certain'),
  session: 's',
  message: 'm',
  listener: 'submission',
  sender: 'anna@isp.example',
  lastHour: {},
  usual: {},
} as const

test('one message to a hundred people is evidence of volume where they are new or not named, once a day', () => {
  const sent = (
    named: number,
    facts: Partial<EventOf<'tx-commit'>['facts']>,
    message = 'm1',
  ): readonly string[] =>
    weigh({
      ...SENT,
      message,
      correspondents: Array.from({ length: named }, (_, i) => `v${i}@x.example`),
      size: 1000,
      fingerprint: '',
      facts: {
        content: 'unseen',
        repeated: false,
        recipients: named,
        firstTime: named,
        exempt: false,
        subjects: ['login:anna@isp.example'],
        ...facts,
      },
    }).flatMap(({ cell, id, kinds }) => (cell === 'volume/crowd' ? [`${id} ${kinds.join()}`] : []))
  const once = [`crowd/login:anna@isp.example/${AT / 86_400_000 - 0.5} volume`]
  assert.deepEqual(sent(100, {}), once)
  assert.deepEqual(sent(100, {}, 'm2'), once)
  assert.deepEqual(sent(99, {}), [])
  assert.deepEqual(sent(900, { firstTime: 50 }), [], 'people that anna knows')
  assert.deepEqual(sent(0, { recipients: 100, firstTime: 0 }), once, 'asked at the end alone')
  assert.deepEqual(sent(0, { recipients: 99, firstTime: 0 }), [])
  assert.deepEqual(sent(900, { exempt: true }), [])
  assert.deepEqual(sent(900, { answer: 'led' }), [])
})

test('one trap is certain only with evidence of another kind, two as to a list are; a sender that was led says little', () => {
  const subject = 'line:anna'
  const hit = (
    texts: number,
    { led = false, alone = false }: { readonly led?: boolean; readonly alone?: boolean } = {},
  ): Event => ({
    ...SENT,
    correspondents: [],
    size: 1,
    fingerprint: 'f',
    facts: {
      content: 'clean',
      repeated: false,
      recipients: 1,
      firstTime: 0,
      exempt: false,
      subjects: [subject],
      trapped: [subject],
      ...(led ? { trapLed: true } : {}),
    },
    trapTexts: { [subject]: texts },
    ...(alone ? { trapAlone: [subject] } : {}),
  })
  const certainty = (event: Event) =>
    weigh(event)
      .filter(({ cell }) => cell.startsWith('message/trap'))
      .map(({ nearCertain }) => nearCertain)
  assert.deepEqual(certainty(hit(1)), ['with-another-kind'])
  assert.deepEqual(certainty(hit(2)), ['always'])
  assert.deepEqual(certainty(hit(0)), [])
  assert.deepEqual(certainty(hit(2, { led: true })), [undefined])
  assert.deepEqual(certainty(hit(2, { alone: true })), [undefined])
})

test('what an outsider brings about by a form or a link agrees with nothing else', () => {
  const kinds = (...signs: EventOf<'protocol-violation'>['signs']) =>
    weigh({
      kind: 'protocol-violation',
      id: 'e',
      seq: 1,
      at: 0,
      who: who('certain'),
      session: 's',
      listener: 'inbound',
      signs,
      subjects: ['line:anna'],
      novel: ['line:anna'],
    }).map(unit => unit.kinds)
  // A form passes on the line ends that were typed; a program fetches http://mail.isp.example:25/.
  assert.deepEqual(kinds('bare-newline'), [[]])
  assert.deepEqual(kinds('not-smtp', 'early-talk', 'bare-newline'), [[]])
  assert.deepEqual(kinds('pipelining', 'bare-newline'), [['network']])
  assert.deepEqual(kinds('foreign-literal'), [['network']])
})

test('a complaint says 2.5 nats, of a reporter with unfounded ones its share, and without trust nothing', () => {
  const told = (trust?: number) =>
    weigh({
      kind: 'complaint-received',
      id: 'e1',
      seq: 1,
      at: 0,
      subjects: ['line:anna', 'login:anna@isp.example'],
      complaint: {
        id: 'c1',
        tracedBy: 'reference',
        reporter: 'other.example',
        ...(trust === undefined ? {} : { trust }),
      },
    })
  assert.deepEqual(told(), [])
  assert.deepEqual(told(0), [])
  const whole = told(1)
  assert.deepEqual(
    whole.map(({ subject, kinds, cell }) => [subject, kinds, cell]),
    [
      ['line:anna', ['reports'], 'report/complaint'],
      ['login:anna@isp.example', ['reports'], 'report/complaint'],
    ],
  )
  assert.ok(Math.abs((whole[0]?.nats ?? 0) - COMPLAINT.nats) < 0.01)
  assert.equal(told(0.25)[0]?.nats, (whole[0]?.nats ?? 0) / 4)
  // Its owner is not told who complained.
  assert.doesNotMatch(whole[0]?.why ?? '', /other\.example/)
})

test('a password in circulation is evidence for the login, once in 30 days; a list says less', () => {
  const told = (seen: 'decoy' | 'list', at = 0) =>
    weigh({ kind: 'password-circulates', id: 'e', seq: 1, at, login: 'anna@isp.example', seen })
  const [offered, listed] = [told('decoy')[0], told('list')[0]]
  assert.deepEqual(
    [offered?.subject, offered?.kinds],
    ['login:anna@isp.example', ['authentication']],
  )
  assert.ok((offered?.nats ?? 0) > 5.9)
  // A list alone opens no case.
  assert.ok((listed?.nats ?? 9) < 2.5 && (listed?.nats ?? 0) > 1.9)
  assert.notEqual(offered?.id, listed?.id)
  assert.equal(told('list', 29 * DAY)[0]?.id, listed?.id)
  assert.notEqual(told('list', 31 * DAY)[0]?.id, listed?.id)
})
