// Each condition: when it is told, and when not. A new entry of the list needs its line here.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryRecords } from '../../../../test/support/memory-records.ts'
import { fuseOp } from '../../../core/isolation/fuse.ts'
import { MemoryCounters } from '../../../drivers/counters/memory.ts'
import type { Alarm } from '../../../model/alarm.ts'
import { DAY, HOUR, MINUTE } from '../../../model/duration.ts'
import type { ConditionSources } from './condition.ts'
import { CONDITIONS } from './conditions.ts'
import { conditionWatch, type StandingCondition } from './watch-conditions.ts'

const AT = Date.UTC(2026, 0, 5)
const GIB = 1024 ** 3

const WELL: ConditionSources = {
  customers: () => 10,
  counters: new MemoryCounters(),
  problems: async () => [],
  room: async () => ({ free: 100 * GIB, all: 400 * GIB }),
  worries: () => [],
  tellers: () => [{ kind: 'radius', name: 'bras1', heardAt: AT - HOUR }],
  certificates: () => [{ name: 'certificate', to: AT + 14 * DAY }],
  clientsNow: () => AT,
  queue: async () => [{ state: 'queued', recipients: 1000, since: AT - HOUR }],
  queueLimit: () => 1000,
  raised: () => [],
}

/** Twenty customers are as many as automation restricts in an hour. */
function blown(): MemoryCounters {
  const counters = new MemoryCounters()
  for (let i = 0; i < 20; i++) counters.apply({ at: AT, mode: 'take', ops: [fuseOp(10)] })
  return counters
}

const TROUBLES: Readonly<Record<string, readonly [Partial<ConditionSources>, RegExp]>> = {
  fuse: [{ counters: blown() }, /restricted 20 customers within an hour/],
  store: [{ problems: async () => ['the queue cannot be written: ENOSPC'] }, /ENOSPC/],
  disk: [{ room: async () => ({ free: GIB, all: 100 * GIB }) }, /1024 MiB of 102400 MiB/],
  'address-listed': [
    {
      raised: () => [
        { alarm: 'address-listed', about: 'mx.far.example', words: '550 listed', at: AT },
      ],
    },
    /mx\.far\.example refuses mail for our address: 550 listed/,
  ],
  sensor: [
    { worries: () => [{ what: 'exporter', about: '192.0.2.1', words: '9 of 20 were lost' }] },
    /192\.0\.2\.1: 9 of 20 were lost/,
  ],
  silent: [
    { tellers: () => [{ kind: 'radius', name: 'bras1', heardAt: AT - 3 * HOUR }] },
    /radius bras1 has said nothing for 3h/,
  ],
  certificate: [
    { certificates: () => [{ name: 'certificate', to: AT + 14 * DAY - 1 }] },
    /expires on 2026-01-18/,
  ],
  queue: [
    { queue: async () => [{ state: 'queued', recipients: 1001, since: AT - HOUR }] },
    /1001 recipients wait for delivery, more than 1000/,
  ],
}

function watching() {
  const raised = new Map<string, Alarm>()
  const standing = memoryRecords<StandingCondition>()
  const look = (sources: ConditionSources, at: number) =>
    conditionWatch({
      conditions: CONDITIONS,
      sources,
      outbox: { raise: async alarm => void raised.set(alarm.id, raised.get(alarm.id) ?? alarm) },
      standing,
      trouble: error => {
        throw error
      },
    })(at)
  return { raised, look, standing }
}

test('while all is well nothing is told', async () => {
  const { raised, look } = watching()
  await look(WELL, AT)
  assert.deepEqual([...raised], [])
})

test('every entry of the list has a trouble here', () => {
  const of = (name: string) => (name === 'raised' ? 'address-listed' : name)
  assert.deepEqual(
    CONDITIONS.map(({ name }) => of(name)).toSorted(),
    Object.keys(TROUBLES).toSorted(),
  )
})

for (const [name, [trouble, words]] of Object.entries(TROUBLES))
  test(`${name}: told once, with what to do, by however many that were started since`, async () => {
    const { raised, look } = watching()
    const kinds = () => [...raised.values()].map(({ alarm, over }) => [alarm, over ?? false])
    // Each look is by a Cordon that has just been started.
    for (let i = 0; i < 5; i++) await look({ ...WELL, ...trouble }, AT + i)
    assert.deepEqual(kinds(), [[name, false]])
    const [told] = [...raised.values()]
    assert.match(told?.words ?? '', words)
    assert.ok(told?.undo)
  })

function changing() {
  const raised: Alarm[] = []
  const standing = memoryRecords<StandingCondition>()
  let now: ConditionSources = { ...WELL, ...TROUBLES['queue']?.[0] }
  const once = async (alarm: Alarm) => {
    if (!raised.some(({ id }) => id === alarm.id)) raised.push(alarm)
  }
  const sources = new Proxy(WELL, { get: (_, key) => Reflect.get(now, key) as unknown })
  const look = conditionWatch({
    conditions: CONDITIONS,
    sources,
    outbox: { raise: once },
    standing,
    trouble: error => {
      throw error
    },
  })
  const be = (sources: ConditionSources) => {
    now = sources
  }
  return { raised, look, be }
}

test('it is over when it was not seen for its time, and told anew when it comes again', async () => {
  const { raised, look, be } = changing()
  await look(AT)
  be(WELL)
  await look(AT + 29 * MINUTE)
  assert.equal(raised.length, 1, 'a queue goes up and down')
  await look(AT + 31 * MINUTE)
  assert.equal(raised[1]?.over, true)
  assert.match(raised[1]?.words ?? '', /^This is over: 1001 recipients/)
  be({ ...WELL, ...TROUBLES['queue']?.[0] })
  await look(AT + 40 * MINUTE)
  assert.equal(raised.length, 3)
})

test('what was seen while the clock was wrong and ahead is over in its time when it is right', async () => {
  const { raised, look, be } = changing()
  await look(AT + 365 * DAY)
  be(WELL)
  await look(AT)
  const ofQueue = () => raised.filter(({ alarm }) => alarm === 'queue').map(({ over }) => over)
  assert.deepEqual(ofQueue(), [undefined])
  await look(AT + 31 * MINUTE)
  assert.deepEqual(ofQueue(), [undefined, true])
})
