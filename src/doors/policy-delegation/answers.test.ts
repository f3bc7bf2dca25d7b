// Over all connections of a Postfix: one message is one, however its questions come.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { Step } from '../../model/step.ts'
import { ACCEPT, type Verdict } from '../../model/verdict.ts'
import { PolicyAnswers } from './answers.ts'
import { requestOf } from './codec.ts'

const DUNNO = 'action=DUNNO\n\n'
const HOLD: Verdict = { kind: 'hold', reason: 'over-limit', until: 1 }
type Attributes = Readonly<Record<string, string>>

/** An engine that says `verdict` of each message, at once or when it is let go. */
type Beside = {
  readonly countAt?: 'rcpt' | 'end-of-message'
  readonly verdict?: Verdict
  readonly slow?: boolean
}

function beside({ countAt = 'end-of-message', verdict = ACCEPT, slow = false }: Beside = {}) {
  const counted: Step[] = []
  const events: NewEvent[] = []
  const waiting: { go(): void; fail(): void }[] = []
  let now = 0
  const judge = (step: Step) => {
    if (!step.commits) return { verdict: ACCEPT }
    counted.push(step)
    if (!slow) return { verdict }
    return new Promise<{ verdict: Verdict }>((resolve, reject) =>
      waiting.push({ go: () => resolve({ verdict }), fail: () => reject(new Error('no store')) }),
    )
  }
  const answers = new PolicyAnswers(
    { listener: 'inbound', realm: 'main', domain: 'isp.example', countAt, skipRules: [] },
    { engine: { judge, report: event => void events.push(event) }, now: () => now },
  )
  const ask = (state: string, about: Attributes = {}) =>
    answers.answer(
      requestOf(
        Object.entries({
          request: 'smtpd_access_policy',
          protocol_state: state,
          client_address: '198.51.100.7',
          server_port: '587',
          instance: 'a1.2.3',
          sender: 'anna@isp.example',
          sasl_username: 'anna',
          recipient: state === 'RCPT' ? 'bert@isp.example' : '',
          recipient_count: state === 'RCPT' ? '0' : '1',
          ...about,
        }),
      ),
    )
  const told = (kind: NewEvent['kind']) => events.filter(event => event.kind === kind)
  return { ask, counted, told, waiting, later: (ms: number) => void (now += ms) }
}
const END = 'END-OF-MESSAGE'

test('asked twice, as a configuration that names us twice does, a message counts once', () => {
  const one = beside({ verdict: HOLD })
  assert.equal(one.ask('RCPT'), DUNNO)
  assert.equal(one.ask('RCPT'), DUNNO)
  assert.equal(one.ask('RCPT', { recipient: 'carl@isp.example' }), DUNNO)
  assert.equal(one.ask(END, { recipient_count: '2' }), 'action=HOLD over-limit\n\n')
  assert.equal(one.ask(END, { recipient_count: '2' }), 'action=HOLD over-limit\n\n')
  assert.deepEqual(
    one.counted.map(step => step.recipients),
    [['bert@isp.example', 'carl@isp.example']],
  )
})

test('counted at RCPT, a recipient that is asked about twice counts once, another and a later message count', () => {
  const one = beside({ countAt: 'rcpt' })
  for (const recipient of ['bert@a.example', 'bert@a.example', 'carl@a.example'])
    one.ask('RCPT', { recipient })
  one.ask('RCPT', { recipient: 'bert@a.example', instance: 'a1.2.4' })
  assert.equal(one.counted.length, 3)
  one.ask(END, { recipient_count: '2' })
  const last = one.counted.at(-1)
  assert.ok(last?.skipRules?.includes('limits'), 'its recipients were counted')
})

test('Postfix gives up waiting and asks again: one answer for both, and the message counts once', async () => {
  const one = beside({ slow: true, verdict: HOLD })
  const first = one.ask(END)
  const second = one.ask(END)
  one.waiting[0]?.go()
  assert.deepEqual(await Promise.all([first, second]), Array(2).fill('action=HOLD over-limit\n\n'))
  assert.equal(one.ask(END), 'action=HOLD over-limit\n\n')
  assert.equal(one.counted.length, 1)
})

test('what failed is asked anew', async () => {
  const one = beside({ slow: true })
  const first = one.ask(END)
  one.waiting[0]?.fail()
  await assert.rejects(Promise.resolve(first), /no store/)
  const second = one.ask(END)
  one.waiting[1]?.go()
  assert.equal(await second, DUNNO)
  const [a, b] = one.counted.map(step => step.once)
  assert.ok(a !== undefined && a === b, 'under the same name')
})

test('without an instance nothing is joined, and nothing taken for a repetition', () => {
  const one = beside()
  for (let i = 0; i < 3; i++) {
    one.ask('RCPT', { instance: '' })
    one.ask(END, { instance: '', recipient: 'bert@isp.example' })
  }
  assert.deepEqual(
    one.counted.map(({ once, recipients }) => [once, recipients]),
    Array.from({ length: 3 }, () => [undefined, ['bert@isp.example']]),
  )
})

test('one instance for all messages, as no Postfix says it: each counts', () => {
  const one = beside()
  for (let i = 0; i < 3; i++) {
    one.ask('RCPT', { instance: 'x', recipient: `r${i}@isp.example` })
    one.ask(END, { instance: 'x', queue_id: `Q${i}` })
  }
  assert.deepEqual(
    one.counted.map(({ recipients }) => recipients),
    [['r0@isp.example'], ['r1@isp.example'], ['r2@isp.example']],
  )
})

test('a login is told of once an hour and network; from loopback never', () => {
  const one = beside()
  const ask = (client_address: string, instance: string) =>
    one.ask(END, { client_address, instance })
  ask('198.51.100.7', '1')
  ask('198.51.100.8', '2')
  ask('203.0.113.7', '3')
  ask('127.0.0.1', '4')
  ask('unknown', '6')
  assert.equal(one.told('link-auth').length, 2)
  one.later(HOUR)
  ask('198.51.100.7', '5')
  assert.equal(one.told('link-auth').length, 3)
})

test('RCPT without END-OF-MESSAGE, and the other way round, raises an alarm that names the line', () => {
  const words = (one: ReturnType<typeof beside>) =>
    one
      .told('alarm-raised')
      .map(event => ('alarm' in event ? `${event.about}: ${event.words}` : ''))
  const without = beside()
  for (let i = 0; i < 40; i++) {
    without.ask('RCPT', { instance: `${i}` })
    without.later(MINUTE)
  }
  assert.equal(words(without).length, 1, 'once a day')
  assert.match(
    words(without)[0] ?? '',
    /^policy service, port 587, with a login: .*smtpd_end_of_data/,
  )

  const only = beside()
  only.later(HOUR)
  for (let i = 0; i < 40; i++) only.ask(END, { instance: `${i}` })
  assert.deepEqual(words(only), [], 'END-OF-MESSAGE alone everywhere suffices')
  for (let i = 0; i < 40; i++) {
    only.ask('RCPT', { instance: `in ${i}`, server_port: '25', sasl_username: '' })
    only.ask(END, { instance: `in ${i}`, server_port: '25', sasl_username: '' })
    only.ask(END, { instance: `out ${i}` })
  }
  assert.equal(words(only).length, 1)
  assert.match(
    words(only)[0] ?? '',
    /^policy service, port 587, with a login: .*recipient_restrictions/,
  )

  const both = beside()
  both.later(HOUR)
  for (let i = 0; i < 40; i++) {
    both.ask('RCPT', { instance: `${i}` })
    if (i % 2 === 0) both.ask(END, { instance: `${i}` })
    both.later(MINUTE)
  }
  assert.deepEqual(words(both), [], 'some give up: that is no mistake')
  const rcpt = beside({ countAt: 'rcpt' })
  for (let i = 0; i < 40; i++) {
    rcpt.ask('RCPT', { instance: `${i}` })
    rcpt.later(MINUTE)
  }
  assert.deepEqual(words(rcpt), [], 'asked for')
})
