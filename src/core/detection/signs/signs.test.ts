import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { EventOf } from '../../../model/event.ts'
import { TRAFFIC_SIGNS } from '../../../model/traffic-sign.ts'
import { STEPS } from '../../../sensors/flows/flow-watch.ts'
import { NETWORK_SIGNS, weighEgress, weighTraffic } from './signs.ts'

const who = {
  realm: 'main',
  address: '203.0.113.7',
  port: 4000,
  sure: 'certain',
  subscriber: 'anna',
} as const
const attempt = (given: Partial<EventOf<'egress-attempt'>>): EventOf<'egress-attempt'> => ({
  kind: 'egress-attempt',
  id: 'n.1',
  seq: 1,
  at: 0,
  who,
  destination: '198.51.100.1',
  port: 25,
  completed: true,
  antiSpoofed: false,
  outcome: 'refused',
  ...given,
})
const traffic = (given: Partial<EventOf<'traffic-seen'>>): EventOf<'traffic-seen'> => ({
  kind: 'traffic-seen',
  id: 'n.1',
  seq: 1,
  at: 0,
  who,
  sign: 'submission-fan-out',
  port: 587,
  other: '198.51.100.1',
  count: 5,
  antiSpoofed: true,
  ...given,
})

test('what flow records tell is what the table has a cell for', () => {
  for (const sign of TRAFFIC_SIGNS) {
    const entry = NETWORK_SIGNS.find(({ name }) => name === sign)
    assert.deepEqual(
      entry?.cells.map(({ from }) => from),
      STEPS[sign],
      sign,
    )
  }
})

test('a window of knocking is one unit that grows, and each step adds the difference', () => {
  const cells = (fanOut: number) => weighEgress(attempt({ fanOut })).map(unit => unit.cell)
  assert.deepEqual(cells(2), [])
  assert.deepEqual(cells(3), ['egress/fan-out-3'])
  const all = weighEgress(attempt({ fanOut: 10 }))
  assert.deepEqual(
    all.map(({ id, nearCertain }) => [id, nearCertain]),
    [
      ['egress/line:anna/0/3', undefined],
      ['egress/line:anna/0/6', undefined],
      ['egress/line:anna/0/5p', 'in-probation'],
      ['egress/line:anna/0/10', 'of-consumers'],
    ],
  )
  const said = all.reduce((sum, { nats }) => sum + nats, 0)
  assert.ok(Math.abs(said - Math.log(0.65 / 0.002)) < 1e-9, `${said}`)
})

test('what may be a neighbour’s doing, was let through, or is no line’s for certain counts nothing', () => {
  for (const given of [
    { completed: false },
    { outcome: 'passed' },
    { who: { ...who, sure: 'ambiguous' } },
    { outcome: 'decoy', completed: false },
  ] as const)
    assert.deepEqual(weighEgress(attempt({ fanOut: 10, ...given })), [], JSON.stringify(given))
  const decoy = weighEgress(attempt({ outcome: 'decoy' }))
  assert.deepEqual(
    decoy.map(({ id, nats, nearCertain }) => [id, nats, nearCertain]),
    [['decoy/n.1', 6, 'of-consumers']],
  )
})

test('a step of what flow records show adds what the one before has not said', () => {
  const seen = (count: number) => weighTraffic(traffic({ count }))
  assert.deepEqual(seen(4), [])
  const [first] = seen(5)
  const [second] = seen(15)
  assert.equal(first?.id, 'traffic/line:anna/0/submission-fan-out/587/5')
  assert.equal(second?.cell, 'traffic/submission-fan-out-15')
  assert.ok(
    Math.abs((first?.nats ?? 0) + (second?.nats ?? 0) - Math.log(0.04 / 0.0002)) < 1e-9,
    'together as much as the cell says',
  )
})

test('numbers of the evidence stand where the docs print them', () => {
  const loose = globSync(['src/core/detection/weigh.ts', 'src/core/detection/signs/*.ts'])
    .filter(file => !file.endsWith('.test.ts'))
    .filter(file => /^(?:export )?const [A-Z_]+ = /m.test(readFileSync(file, 'utf8')))
  assert.deepEqual(loose, [])
})

test('what strangers do to a line, or make it answer, agrees with nothing else, and counts once a day at all ports', () => {
  const seen = (given: Partial<EventOf<'traffic-seen'>>) => weighTraffic(traffic(given))
  for (const [sign, count] of [
    ['serves-many', 50],
    ['flood', 1],
  ] as const) {
    const [first, later] = [seen({ sign, count }), seen({ sign, count, port: 443, at: 3_600_000 })]
    assert.deepEqual(
      first.map(({ kinds }) => kinds),
      [[]],
    )
    assert.deepEqual(
      later.map(({ id }) => id),
      first.map(({ id }) => id),
    )
  }
})
