// What no router is needed for: what may happen while an opt-out is looked into, and what time does to one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryRecords } from '../../../test/support/memory-records.ts'
import { CONFIRM_EVERY } from '../../core/isolation/opt-out.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import { codeProof } from '../../mail/one-time-code.ts'
import { DAY } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import { lookAfterOptOuts } from '../chores/opt-outs.ts'
import { confirmOptOut, type OptOutParts, takeAwayOptOuts } from './opt-outs.ts'

const AT = Date.UTC(2026, 5, 1)
const SECRET = 'a secret'
const ANNA: Subscriber = {
  id: 'anna',
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: ['anna@isp.example'],
  logins: [],
}
const ASKED: OptOut = {
  id: 'o1',
  code: 'K7-2M9Q',
  subscriber: 'anna',
  kind: 'own-server',
  destinations: [],
  addresses: [],
  server: { name: 'mail.anna.example' },
  state: 'asked',
  askedAt: AT,
  proof: codeProof('ABCD-EFGH', 'o1', SECRET),
}

function scene(optOut: OptOut) {
  const optOuts = memoryRecords(optOut)
  const told: string[] = []
  const subscribers = memorySubscribers([ANNA])
  const reporter = {
    note: (event: NewEvent) =>
      void told.push(event.kind === 'opt-out-changed' ? event.state : event.kind),
  }
  const lease = { realm: 'main', prefix: '198.51.100.2/32', subscriber: 'anna', from: 0 }
  const parts: OptOutParts = {
    subscribers,
    cases: { incidents: async () => [] },
    leases: memoryLeases([lease]),
    names: { message: () => 'm', record: () => 'record', caseCode: () => 'A1-B2C3' },
    reporter,
    optOuts,
    factors: {} as OptOutParts['factors'],
    resolver: {
      addresses: async name =>
        name === 'moves.example' ? { value: ['203.0.113.2'] } : { value: ['198.51.100.2'] },
      names: async () => ({ value: [] }),
    },
    relayProbe: { probe: async () => ({ kind: 'closed' }) },
    secret: SECRET,
    // No customer has an address to write to: letters have tests of their own.
    notifier: { subscribers: memorySubscribers([]) } as unknown as OptOutParts['notifier'],
    expertRate: 600,
    reconcile: async () => void told.push('reconciled'),
    tell: ({ news }) => void told.push(news),
  }
  return { parts, told, now: () => optOuts.get(optOut.id) }
}

const HOME = '198.51.100.2'

const confirm = (
  parts: OptOutParts,
  {
    at = AT,
    proof = 'abcd efgh',
    address = HOME,
  }: { at?: number; proof?: string; address?: string } = {},
) =>
  confirmOptOut(parts, {
    actor: {
      kind: 'owner',
      subscriber: 'anna',
      from: { realm: 'main', address, port: 40_000 },
    },
    at,
    order: { kind: 'confirm-opt-out', id: 'o1', proof },
  })

test('confirmed, it is open; a finding while its server is looked at keeps it closed', async () => {
  const calm = scene(ASKED)
  assert.equal((await confirm(calm.parts)).done, true)
  assert.equal(calm.now()?.state, 'open')
  assert.deepEqual(calm.told, ['open', 'reconciled', 'opened', 'reverse-dns-wanted'])
  const found = scene(ASKED)
  const parts: OptOutParts = {
    ...found.parts,
    relayProbe: {
      probe: async () => {
        await takeAwayOptOuts(parts, 'anna', AT)
        return { kind: 'closed' }
      },
    },
  }
  const outcome = await confirm(parts)
  assert.match(outcome.text, /nothing to confirm any more/)
  assert.equal(found.now()?.state, 'ended')
})

test('a code is good for a day, and for five wrong ones', async () => {
  const { parts } = scene(ASKED)
  assert.match((await confirm(parts, { at: AT + DAY + 1 })).text, /not good any more/)
  const guessed = scene({ ...ASKED, wrong: 5 })
  assert.match((await confirm(guessed.parts)).text, /not good any more/)
  assert.equal(guessed.now(), undefined)
})

test('a code is not looked at from elsewhere, so a thief there cannot use up the guesses', async () => {
  const { parts, now } = scene(ASKED)
  const address = '203.0.113.9'
  for (const proof of ['a', 'b', 'c', 'd', 'e', 'f', 'abcd efgh'])
    assert.match((await confirm(parts, { proof, address })).text, /from your own connection/)
  assert.equal(now()?.wrong, undefined)
  assert.match((await confirm(parts, { proof: 'a' })).text, /not the code/)
  assert.equal((await confirm(parts)).done, true)
})

test('a year later it is reminded of once, then ends; names are looked up again', async () => {
  const open: OptOut = {
    ...ASKED,
    kind: 'destinations',
    destinations: ['moves.example'],
    addresses: ['203.0.113.1'],
    state: 'open',
    openedAt: AT,
    confirmBy: AT + CONFIRM_EVERY,
  }
  const { parts, told, now } = scene(open)
  await lookAfterOptOuts(parts, AT + DAY)
  assert.deepEqual(now()?.addresses, ['203.0.113.2'])
  assert.deepEqual(told.splice(0), ['reconciled'])
  await lookAfterOptOuts(parts, AT + CONFIRM_EVERY - 20 * DAY)
  assert.equal(now()?.remindedAt, AT + CONFIRM_EVERY - 20 * DAY)
  await lookAfterOptOuts(parts, AT + CONFIRM_EVERY)
  assert.deepEqual([now()?.state, now()?.endedBy], ['ended', 'time'])
  assert.deepEqual(told, ['ended', 'reconciled', 'ended'])
})
