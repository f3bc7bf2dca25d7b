import assert from 'node:assert/strict'
import { ownRefusals } from './own-refusals.ts'
import { test } from 'node:test'
import { claimOf } from '../../../test/support/claim-of.ts'
import type { Settlement } from '../../ports/spool.ts'
import type { Job, Outcome } from './job.ts'
import { outcomeWriter } from './write-outcomes.ts'

const claim = claimOf([], {
  login: 'a@isp.example',
  recipients: [{ id: 7, address: 'b@far.example', attempts: 0, warned: false }],
})
const job: Job = {
  claim,
  route: { kind: 'hops', destination: 'far.example', hops: [] },
  recipients: claim.recipients,
}
const answered = (code: number): Outcome => ({
  replies: new Map([['b@far.example', { code, text: '2.0.0 as it is' }]]),
  relay: 'mx.far.example',
  final: false,
  reports: false,
  answered: true,
})

function desk({ tell = async () => undefined }: { tell?: () => Promise<void> } = {}) {
  const settled: Settlement[] = []
  let stopped = false
  const spool = { settle: async (some: readonly Settlement[]) => void settled.push(...some) }
  const writer = outcomeWriter({
    spool,
    clock: { now: () => 0, passed: () => 0, real: (ms: number) => ms },
    settlement: {
      spool,
      report: () => undefined,
      hide: address => address,
      tell,
      alarm: () => undefined,
      ownMail: () => undefined,
      ownRefusals: ownRefusals(),
      mailboxGone: () => undefined,
    },
    trouble: () => undefined,
    isStopped: () => stopped,
    returned: () => undefined,
  })
  return { writer, settled, stop: () => (stopped = true) }
}

test('what is on its way when we are stopped is written down: it is not brought again', async () => {
  const { writer, settled, stop } = desk()
  const trip = Promise.withResolvers<Outcome>()
  const done = writer.finish(job, trip.promise)
  stop()
  trip.resolve(answered(250))
  await done
  assert.deepEqual(
    settled.map(({ recipient, outcome }) => [recipient, outcome]),
    [[7, 'done']],
  )
})

test('a failure that its sender could not be told of stays in the queue', async () => {
  const { writer, settled, stop } = desk({ tell: () => Promise.reject(new Error('no room')) })
  stop()
  await writer.finish(job, Promise.resolve(answered(550)))
  assert.deepEqual(settled, [])
})
