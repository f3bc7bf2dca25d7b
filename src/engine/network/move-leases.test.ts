import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import type { Lease } from '../../model/lease.ts'
import { leaseMover } from './move-leases.ts'

const lease = (subscriber: string, from: number): Lease => ({
  realm: 'main',
  prefix: '192.0.2.7/32',
  subscriber,
  from,
})

function mover() {
  const written: string[][] = []
  const reconciled: string[] = []
  let full = false
  const leases = memoryLeases()
  const move = leaseMover({
    leases,
    leaseRows: {
      putLeases: async all => {
        await new Promise(resolve => setImmediate(resolve))
        if (full) throw new Error('the disk is full')
        written.push(all.map(({ subscriber, from, to }) => `${subscriber} ${from}-${to ?? ''}`))
      },
    },
    reporter: { note: () => undefined },
    reconcile: subscriber => void reconciled.push(subscriber),
    now: () => 100,
  })
  return {
    move,
    written,
    reconciled,
    leases,
    disk: (is: 'full' | 'free') => (full = is === 'full'),
  }
}

test('who had the address before goes first, in the network and on disk', async () => {
  const { move, written, reconciled } = mover()
  await move([{ kind: 'open', lease: lease('anna', 1) }])
  await move([{ kind: 'open', lease: lease('bert', 5) }])
  assert.deepEqual(written, [['anna 1-'], ['anna 1-5', 'bert 5-']])
  assert.deepEqual(reconciled, ['anna', 'anna', 'bert'])
})

test('news that comes late takes no address from who has it since', async () => {
  const { move, written, leases } = mover()
  await move([{ kind: 'open', lease: lease('bert', 5) }])
  await move([{ kind: 'open', lease: lease('anna', 1) }])
  assert.deepEqual(written.at(-1), ['anna 1-5'])
  assert.equal(leases.holder('main', '192.0.2.7', 1).subscriber, 'bert')
  assert.equal(leases.holderAt('main', '192.0.2.7', 1, 3).subscriber, 'anna')
})

test('what could not be written is written with the next, as it is by then', async () => {
  const { move, written, disk } = mover()
  disk('full')
  const first = move([{ kind: 'open', lease: lease('anna', 1) }])
  // It is being written when the next change comes.
  await new Promise(resolve => process.nextTick(resolve))
  const second = move([{ kind: 'close', lease: { ...lease('anna', 1), to: 4 } }])
  await assert.rejects(first, /full/)
  await assert.rejects(second, /full/)
  assert.deepEqual(written, [])
  disk('free')
  await move([])
  assert.deepEqual(written, [['anna 1-4']])
})
