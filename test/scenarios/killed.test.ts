// Killed between every two steps, and told again what was being told: the case is as if nobody had been killed. The stores are the real
// ones in their files; what a killed process leaves is what lies there, so the next one begins with a copy of that.

import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { nodeName } from '../../src/drivers/identity/node-name.ts'
import { openLedger } from '../../src/drivers/ledger/ledger-sql.ts'
import { randomNames } from '../../src/drivers/names/random-names.ts'
import { openSqlite } from '../../src/drivers/sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../../src/drivers/sqlite/sqlite-dialect.ts'
import { fuseOp } from '../../src/core/isolation/fuse.ts'
import { SECOND } from '../../src/model/duration.ts'
import { lineOf } from '../../src/model/evidence.ts'
import { type VirtualCordon, virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { annasHome } from '../support/annas-home.ts'
import { ANNA, decoy, START, spam } from '../support/annas-trouble.ts'

/** What is told, one after the other; each is told again until it was answered. */
const STORY: readonly ((cordon: VirtualCordon) => Promise<unknown>)[] = [
  told(spam('m1', START)),
  told(spam('m2', START + SECOND)),
  told({
    kind: 'delivery-failed',
    at: START + 2 * SECOND,
    message: 'm1',
    recipient: 'x@meadow.example',
    relay: 'mx.meadow.example',
    permanent: true,
    result: 'unknown-user',
    code: 550,
    facts: spam('m1', START).facts,
    usual: { [ANNA]: 5 },
  }),
  // The same again, as one does who does not know that it was heard.
  told(spam('m2', START + SECOND)),
  told(decoy('d1', START + 3 * SECOND)),
  async ({ engine, ledger }) => {
    const incident = ledger.cases.open(ANNA)
    if (incident?.status !== 'contained') return
    await engine.command({
      actor: { kind: 'staff', name: 'kim' },
      at: START + 10 * SECOND,
      order: { kind: 'release', incident: incident.id },
    })
  },
  told(spam('m3', START + 20 * SECOND)),
  told(decoy('d2', START + 21 * SECOND)),
]

function told(event: Parameters<VirtualCordon['engine']['report']>[0]) {
  return async ({ engine }: VirtualCordon) => {
    engine.report(event)
    await engine.idle()
  }
}

type RunningTown = { readonly cordon: VirtualCordon; close(): Promise<void> }

/** `step` is called before and after everything that a store is asked to change; it may never answer. */
async function runIn(folder: string, step: () => Promise<void>): Promise<RunningTown> {
  const counters = await openCounters(join(folder, 'counters.db'), {
    trouble: error => assert.fail(String(error)),
  })
  const ledger = await openLedger(nodeSqliteDialect(openSqlite(join(folder, 'ledger.db'))))
  const cordon = await virtualCordon({
    ...annasHome,
    // Mail, decoys and staff in one sum.
    episodes: 'shadow',
    names: randomNames(),
    counters: {
      apply: async batch => {
        if (batch.once === undefined) return counters.apply(batch)
        await step()
        const counted = await counters.apply(batch)
        await step()
        return counted
      },
    },
    ledger: {
      ...ledger,
      cases: {
        ...ledger.cases,
        saveCase: async change => {
          await step()
          const answer = await ledger.cases.saveCase(change)
          await step()
          return answer
        },
      },
    },
    now: () => START,
  })
  const close = async () => {
    await counters.close()
    await cordon.close()
  }
  return { cordon, close }
}

/** All that is to be the same; names of things are random. */
async function found({ ledger, network }: VirtualCordon): Promise<unknown> {
  const incident = ledger.cases.open(ANNA)
  assert.ok(incident)
  const { status, sum, kinds, epoch, moved, decision, summary } = incident
  return {
    case: { status, sum, kinds, epoch, moved, decision, summary },
    inForce: ledger.cases.inForce(ANNA).map(({ kind, at, until }) => ({ kind, at, until })),
    decided: (await ledger.cases.decisions(incident.id)).map(({ kind, at, endedBy }) => [
      kind,
      at,
      endedBy,
    ]),
    evidence: (await ledger.cases.evidence(ANNA, 200)).map(({ id, at, sum: after }) => [
      id,
      at,
      after,
    ]),
    cases: (await ledger.cases.incidents({})).length,
    network: network().map(one => one.state),
  }
}

const never = () => new Promise<never>(() => undefined)

/** Tells the story, killed at the nth step; how many steps there were, and what came of it. */
async function story(killedAt: number): Promise<{ steps: number; found: unknown; fuse: unknown }> {
  const root = mkdtempSync(join(tmpdir(), 'cordon-killed-'))
  const [first, second] = [join(root, 'first'), join(root, 'second')]
  mkdirSync(first)
  let steps = 0
  let kill: () => void = () => undefined
  const killed = new Promise<'killed'>(resolve => (kill = () => resolve('killed')))
  let running = await runIn(first, async () => {
    steps++
    if (steps !== killedAt) return
    cpSync(first, second, { recursive: true })
    kill()
    await never()
  })
  const before = running
  for (const tell of STORY) {
    const telling = tell(running.cordon)
    if (running !== before) await telling
    else if ((await Promise.race([telling, killed])) === 'killed') {
      running = await runIn(second, async () => undefined)
      await tell(running.cordon)
    }
  }
  await running.cordon.engine.chores.reconcile()
  const result = await found(running.cordon)
  await running.close()
  const folder = running === before ? first : second
  const counters = await openCounters(join(folder, 'counters.db'), {
    trouble: error => assert.fail(String(error)),
  })
  const fuse = await counters.apply({ at: START, mode: 'peek', ops: [fuseOp(1)] })
  await counters.close()
  if (running !== before) await before.close()
  rmSync(root, { recursive: true })
  return { steps, found: result, fuse }
}

test('killed between every two steps, a case is the same, and the fuse has counted the same', async () => {
  const whole = await story(0)
  const { fuse } = whole
  assert.ok('readings' in (fuse as object))
  assert.equal((fuse as { readings: { value: number }[] }).readings[0]?.value, 2)
  assert.ok(whole.steps > 20, `${whole.steps}`)
  for (let n = 1; n <= whole.steps; n++) {
    const again = await story(n)
    assert.deepEqual(again.found, whole.found, `killed at step ${n} of ${whole.steps}`)
    assert.deepEqual(again.fuse, whole.fuse, `killed at step ${n} of ${whole.steps}`)
  }
})

test('the fuse has not forgotten after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-fuse-'))
  const restricted: string[] = []
  for (let start = 0; start < 5; start++) {
    const { cordon, close } = await runIn(folder, async () => undefined)
    for (let i = 0; i < 6; i++) {
      const name = `c${start}-${i}`
      const event = decoy(`d-${name}`, START + start * SECOND)
      cordon.engine.report({
        ...event,
        who: { ...event.who, subscriber: name },
      })
      await cordon.engine.idle()
      if (cordon.ledger.cases.open(lineOf(name))?.status === 'contained') restricted.push(name)
    }
    await close()
  }
  // Thirty machines within seconds, of a town of one: twenty are closed, and a person looks at the others.
  assert.equal(restricted.length, 20)
  rmSync(folder, { recursive: true })
})

test('ids of events are those of one node and one start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-node-'))
  const names: string[] = []
  for (let start = 0; start < 3; start++) {
    const ledger = await openLedger(nodeSqliteDialect(openSqlite(join(folder, 'ledger.db'))))
    names.push(await nodeName(folder, ledger.records))
    await ledger.close()
  }
  const [node] = names[0]?.split('.') ?? []
  assert.match(node ?? '', /^[0-9a-z]{8}$/)
  assert.deepEqual(
    names,
    [1, 2, 3].map(boot => `${node}.${boot}`),
  )
  rmSync(folder, { recursive: true })
})
