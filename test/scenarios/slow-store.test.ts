// Stores that answer late: whatever comes in between, a case is as if one had been told after the other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { type DecisionKind, stops } from '../../src/model/decision.ts'
import { DAY, HOUR } from '../../src/model/duration.ts'
import type { GivenOrder } from '../../src/model/order.ts'
import type { Cases } from '../../src/ports/cases.ts'
import {
  memoryLedger,
  type VirtualCordon,
  virtualCordon,
} from '../../src/simulation/virtual/virtual-cordon.ts'
import { annasHome } from '../support/annas-home.ts'
import { ANNA, decoy, START, spam } from '../support/annas-trouble.ts'
import { Gate, gatedCounters, gatedLedger } from '../support/gated-stores.ts'

const staff = { kind: 'staff', name: 'kim' } as const

/** `releases`: those that were saved, each by when it was. */
async function slowCordon(gate: Gate, releases = new Set<number>()): Promise<VirtualCordon> {
  const ledger = await memoryLedger()
  const saveCase: Cases['saveCase'] = async change => {
    const answer = await ledger.cases.saveCase(change)
    const { releasedAt } = change.incident
    if (answer === 'saved' && releasedAt !== undefined) releases.add(releasedAt)
    return answer
  }
  return virtualCordon({
    ...annasHome,
    counters: gatedCounters(new MemoryCounters(), gate),
    ledger: gatedLedger({ ...ledger, cases: { ...ledger.cases, saveCase } }, gate),
    now: () => START,
  })
}

const released = (cordon: VirtualCordon, at: number): GivenOrder => ({
  actor: staff,
  at,
  order: { kind: 'release', incident: cordon.ledger.cases.open(ANNA)?.id ?? '' },
})

function sound(cordon: VirtualCordon, about = ''): void {
  const incident = cordon.ledger.cases.open(ANNA)
  const inForce = cordon.ledger.cases.inForce(ANNA)
  assert.equal(
    incident?.status === 'contained',
    inForce.some(stops),
    `${incident?.status}, in force ${inForce.map(one => one.kind).join()} ${about}`,
  )
  if (inForce.length > 0) assert.notEqual(incident, undefined, about)
}

/** The same when nothing waits any more. */
async function hears(cordon: VirtualCordon, at: number): Promise<void> {
  cordon.engine.report(decoy(`last-${at}`, at))
  await cordon.engine.idle()
  assert.equal(cordon.ledger.cases.open(ANNA)?.status, 'contained', 'it is deaf')
  sound(cordon, 'after new evidence')
  assert.deepEqual(
    cordon.network().map(one => one.state),
    ['isolated'],
  )
}

for (const [when, at, expected] of [
  ['before the release', START + 1000, 'probation'],
  ['after the release', START + 3000, 'contained'],
] as const)
  test(`a release while evidence from ${when} is pending`, async () => {
    const gate = new Gate()
    const cordon = await slowCordon(gate)
    cordon.engine.report(decoy('first', START))
    await cordon.engine.idle()
    const before = cordon.ledger.cases.open(ANNA)
    assert.equal(before?.status, 'contained')
    gate.shut()
    cordon.engine.report(decoy('second', at))
    await gate.hold('evidence')
    assert.equal(gate.waiting, 1, 'the case was read, and its sum is not there yet')
    const answer = cordon.engine.command(released(cordon, START + 2000))
    // The order goes through, and then the evidence.
    await gate.hold('evidence')
    gate.open()
    assert.equal((await answer).done, true)
    await cordon.engine.idle()
    assert.equal(cordon.ledger.cases.open(ANNA)?.status, expected)
    assert.equal(cordon.ledger.cases.open(ANNA)?.epoch, 1)
    sound(cordon)
    await hears(cordon, START + 4000)
    await cordon.close()
  })

test('a contained case with nothing in force cannot be stored', async () => {
  const cordon = await slowCordon(new Gate())
  cordon.engine.report(decoy('first', START))
  await cordon.engine.idle()
  const { ledger } = cordon
  const incident = ledger.cases.open(ANNA)
  assert.ok(incident)
  const ended = ledger.cases.inForce(ANNA).map(one => ({ ...one, endedAt: START }))
  const change = { expectedRev: incident.rev, incident, evidence: [], notices: [] }
  await assert.rejects(
    ledger.cases.saveCase({ ...change, decisions: ended }),
    /nothing would enforce/,
  )
  assert.equal(await ledger.cases.saveCase({ ...change, expectedRev: 0, decisions: [] }), 'stale')
  assert.equal(ledger.cases.open(ANNA)?.rev, incident.rev)
  sound(cordon)
  await cordon.close()
})

test('a weaker decision takes nothing from a stronger one, and an isolation that runs out leaves nobody deaf', async () => {
  const cordon = await slowCordon(new Gate())
  const impose = (decision: DecisionKind, hours: number) =>
    cordon.engine.command({
      actor: staff,
      at: START,
      order: { kind: 'impose', subject: ANNA, decision, hours, why: 'x' },
    })
  await impose('suspend', 1)
  await impose('hold', 48)
  await impose('redirect-25', 24)
  assert.equal(cordon.ledger.cases.open(ANNA)?.status, 'contained')
  sound(cordon)
  await cordon.engine.chores.deadlines(START + 2 * HOUR)
  assert.equal(cordon.ledger.cases.open(ANNA)?.status, 'held')
  assert.deepEqual(
    cordon.ledger.cases.inForce(ANNA).map(one => one.kind),
    ['hold', 'redirect-25'],
  )
  await cordon.engine.idle()
  await hears(cordon, START + 3 * HOUR)
  await cordon.close()
})

test('three thousand reports about others do not come before the evidence of a message', async () => {
  const gate = new Gate()
  const cordon = await slowCordon(gate)
  gate.shut()
  for (let i = 0; i < 3000; i++) {
    const event = decoy(`d${i}`, START)
    cordon.engine.report({ ...event, who: { ...event.who, subscriber: `c${i}` } })
  }
  await gate.quiet()
  const before = gate.passed.length
  const answer: { kind?: string } = {}
  const draft = await cordon.engine.open({
    session: 's',
    listener: 'submission',
    at: START,
    client: { realm: 'main', address: '203.0.113.7', port: 4000 },
    tls: true,
    helo: 'x',
    login: 'anna@isp.example',
    sender: 'anna@isp.example',
    recipients: ['stranger@meadow.example'],
    extended: true,
    esmtp: {},
  })
  await draft.write(Buffer.from('From: <anna@isp.example>\r\nSubject: x\r\n\r\nHello\r\n'))
  const finished = draft.finish().then(({ verdict }) => void (answer.kind = verdict.kind))
  // A store that does one thing after the other, in the order in which it is asked.
  for (await gate.quiet(); answer.kind === undefined; await gate.quiet()) gate.letGo()
  await finished
  assert.equal(answer.kind, 'accept')
  const calls = gate.passed.length - before
  assert.ok(calls < 300, `${calls} calls of the store until the message was answered`)
  gate.open()
  await cordon.engine.idle()
  assert.equal(cordon.journal.filter(one => one.kind === 'egress-attempt').length, 3000)
  await cordon.close()
})

const doing = fc.constantFrom(
  'spam',
  'spam',
  'decoy',
  'release',
  'release',
  'owner releases',
  'isolate',
  'suspend',
  'hold',
  'watch',
  'redirect-25',
  'deadlines',
  'much later',
)

/** What one of them starts; nothing is waited for. */
function start(cordon: VirtualCordon, what: string, n: number, at: number): Promise<unknown> {
  const { engine } = cordon
  const order = (given: Omit<GivenOrder, 'at'>) => engine.command({ ...given, at })
  switch (what) {
    case 'spam':
      return Promise.resolve(engine.report(spam(`e${n}`, at)))
    case 'decoy':
      return Promise.resolve(engine.report(decoy(`e${n}`, at)))
    case 'release':
      return order(released(cordon, at))
    case 'owner releases':
      return order({
        ...released(cordon, at),
        actor: {
          kind: 'owner',
          subscriber: 'anna',
          from: { realm: 'main', address: '203.0.113.7', port: 0 },
        },
      })
    case 'deadlines':
    case 'much later':
      return engine.chores.deadlines(at)
    default:
      return order({
        actor: staff,
        order: {
          kind: 'impose',
          subject: ANNA,
          decision: what,
          hours: 1,
          why: 'x',
        },
      })
  }
}

test('whatever comes in between, a case is contained when it is enforced, and hears', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(doing, fc.nat(3)), { minLength: 2, maxLength: 14 }),
      fc.array(fc.nat(20), { minLength: 5, maxLength: 60 }),
      async (things, draws) => {
        const gate = new Gate()
        const releases = new Set<number>()
        const cordon = await slowCordon(gate, releases)
        gate.shut()
        const working: Promise<unknown>[] = []
        let at = START
        let drawn = 0
        for (const [n, [what, calls]] of things.entries()) {
          at += what === 'much later' ? DAY : 1000
          working.push(start(cordon, what, n, at))
          await gate.quiet()
          for (let i = 0; i < calls; i++) {
            gate.letGo(draws[drawn++ % draws.length])
            await gate.quiet()
          }
        }
        for (; gate.waiting > 0; await gate.quiet()) gate.letGo(draws[drawn++ % draws.length])
        gate.open()
        await Promise.all(working)
        await cordon.engine.idle()
        sound(cordon)
        assert.equal(
          cordon.ledger.cases.epoch(ANNA),
          releases.size,
          'each release begins one new sum',
        )
        await hears(cordon, at + 1000)
        // And everything ends by itself.
        for (const days of [4, 30, 31]) await cordon.engine.chores.deadlines(at + days * DAY)
        assert.equal(cordon.ledger.cases.open(ANNA), undefined)
        assert.deepEqual(cordon.ledger.cases.inForce(ANNA), [])
        await cordon.engine.idle()
        await cordon.close()
      },
    ),
    { numRuns: 60, seed: 15 },
  )
})
