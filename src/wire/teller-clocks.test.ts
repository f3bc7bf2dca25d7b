import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, MINUTE, SECOND } from '../model/duration.ts'
import { type KnownClock, tellerClocks } from './teller-clocks.ts'

const AT = Date.UTC(2026, 0, 5)

test('a clock that was known before a restart is known after it, for a day: a copy of what was told long ago is late', () => {
  const kept = new Map<string, KnownClock>()
  let now = AT
  const started = () =>
    tellerClocks(
      () => undefined,
      () => now,
      {
        of: (kind, name) => kept.get(`${kind} ${name}`),
        note: (kind, name, known) => void kept.set(`${kind} ${name}`, known),
      },
    )
  started()
    .of('radius', 'bng1')
    .hear(AT - 300, AT)
  now += MINUTE
  const again = started()
  const clock = again.of('radius', 'bng1')
  assert.equal(again.list()[0]?.heardAt, AT)
  assert.deepEqual(clock.hear(AT - 10 * SECOND, now), {
    at: AT - 10 * SECOND + 300,
    skew: 0,
    late: MINUTE + 10 * SECOND - 300,
  })
  now += DAY
  assert.equal(started().of('radius', 'bng1').settled, false)
})

test('when a log or an exporter was heard last is kept, not when it was heard first; of an access server that is kept with what it told', () => {
  const kept = new Map<string, KnownClock>()
  let now = AT
  const started = () =>
    tellerClocks(
      () => undefined,
      () => now,
      {
        of: (kind, name) => kept.get(`${kind} ${name}`),
        note: (kind, name, known) => void kept.set(`${kind} ${name}`, known),
      },
    )
  const clocks = started()
  for (const kind of ['flows', 'firewall-log', 'radius'] as const) clocks.of(kind, 'r1')
  now += 5 * MINUTE
  for (const kind of ['flows', 'radius'] as const) clocks.of(kind, 'r1').hear(now - 200, now)
  kept.clear()
  clocks.noteHeard()
  assert.deepEqual([...kept], [['flows r1', { at: now, offset: 200 }]])
  assert.equal(started().of('flows', 'r1').heardAt, AT + 5 * MINUTE)
})
