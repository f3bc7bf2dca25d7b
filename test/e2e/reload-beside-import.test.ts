// A reload and a list of all customers at once: one waits for the other, and what both were told is done is in force, in memory and in the
// ledger. The test holds calls of the ledger, so that they meet whatever the machine does.

import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/drivers/clock/clocks.ts'
import { DAY } from '../../src/model/duration.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import { checkConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'
import { Gate } from '../support/gated-stores.ts'
import { rcpts, reloadScene } from '../support/reload-scene.ts'

/** So long that no chore comes round. */
const clock = { ...systemClock, real: () => 20 * DAY }

const listed = (id: string, address = `${id}@isp.example`): Subscriber => ({
  id,
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: [address],
  logins: [{ name: address, addresses: [address] }],
})

type InFile = { readonly id: string; readonly addresses?: readonly string[] }

async function house(t: TestContext, before: readonly InFile[]) {
  const gate = new Gate()
  let ledger: Ledger | undefined
  const config =
    (customers: readonly InFile[]) =>
    (folder: string): object => ({
      hostname: 'mail.isp.example',
      domains: ['isp.example'],
      dataFolder: folder,
      log: 'silent',
      holdDelivery: true,
      listeners: [{ kind: 'inbound', port: 0 }],
      http: { console: { port: 0 }, portal: { port: 0 } },
      subscribers: customers.map(({ id, addresses = [] }) => ({
        id,
        logins: [{ name: `${id}@isp.example`, addresses }],
      })),
    })
  let next: Config | undefined
  const scene = await reloadScene(config(before), {
    clock,
    ledgerBehind: opened => {
      ledger = opened
      return { ...opened, customers: gatedCustomers(opened.customers, gate) }
    },
    reread: agreed => next ?? agreed,
  })
  t.after(scene.end)
  return {
    gate,
    /** Lets so many calls go, and waits for one more; whether there was one before the work was done. */
    heldAt: async (calls: number, work: Promise<unknown>) => {
      const state = stateOf(work)
      for (let gone = 0; ; gone++) {
        while (gate.waiting === 0 && !state.isDone) await turn()
        if (gone === calls || state.isDone) return !state.isDone
        gate.letGo()
      }
    },
    reload: async (customers: readonly InFile[]) => {
      next = checkConfig(config(customers)(scene.folder))
      return (await scene.cordon.reload({ by: 'the test', despite: 'it is one' })).text
    },
    take: async (subscribers: readonly Subscriber[]) => {
      const actor = { kind: 'staff', name: 'the test' } as const
      const order = { kind: 'take-feed', subscribers, keep: [], despite: 'it is one' } as const
      return (await scene.cordon.engine.command({ order, actor, at: Date.now() })).text
    },
    rcpts: (...ids: readonly string[]) =>
      rcpts(
        scene.inbound,
        ids.map(id => `${id}@isp.example`),
      ),
    kept: async () =>
      ((await ledger?.customers.subscribers()) ?? []).map(({ id }) => id).toSorted(),
    addressesKept: async () =>
      ((await ledger?.customers.subscribers()) ?? []).flatMap(({ logins }) =>
        logins.flatMap(({ addresses }) => addresses),
      ),
  }
}

const gatedCustomers = (inner: Ledger['customers'], gate: Gate): Ledger['customers'] =>
  new Proxy(inner, {
    get: (target, name: keyof Ledger['customers']) => {
      const call = target[name].bind(target) as (...given: readonly unknown[]) => Promise<unknown>
      return async (...given: readonly unknown[]) => {
        const answer = await call(...given)
        await gate.pass(name)
        return answer
      }
    },
  })

function stateOf(work: Promise<unknown>): { readonly isDone: boolean } {
  const state = { isDone: false }
  work.then(() => (state.isDone = true)).catch(() => undefined)
  return state
}

/** Until it is done or goes no further: it may be one that waits for somebody else. */
async function asFarAsItGoes(work: Promise<unknown>): Promise<void> {
  const state = stateOf(work)
  for (let i = 0; i < 3000 && !state.isDone; i++) await turn()
}

test('an import while a reload has read the list: both are in force', async t => {
  const at = await house(t, [{ id: 'r1' }, { id: 'r2' }])
  assert.match(await at.take([listed('x0'), listed('x2')]), /^2 new/)
  at.gate.shut()
  const reload = at.reload([{ id: 'r1' }, { id: 'r3' }])
  // The second reading is what it makes the new list of.
  await at.heldAt(1, reload)
  at.gate.openForOthers()
  const taken = at.take([listed('x1'), listed('x2')])
  await asFarAsItGoes(taken)
  at.gate.open()
  assert.match(await reload, /1 setting has changed/)
  assert.match(await taken, /^1 new, 0 changed \(0 plans\), 1 gone\. New: x1\. Gone: x0\./)
  assert.deepEqual(await at.kept(), ['r1', 'r3', 'x1', 'x2'])
  assert.deepEqual(await at.rcpts('r1', 'r3', 'x1', 'x2'), ['250', '250', '250', '250'])
  assert.deepEqual(await at.rcpts('r2', 'x0'), ['550', '550'])
})

test('a reload while an import is at any of its calls of the ledger: both are in force', async t => {
  const at = await house(t, [{ id: 'r1' }, { id: 'r0' }])
  let isHeld = true
  for (let call = 0; isHeld; call++) {
    // Each round takes one out and adds one, in the file and in the list.
    await at.take([listed(`x${call}`), listed('y')])
    at.gate.shut()
    const taken = at.take([listed(`x${call + 1}`), listed('y')])
    isHeld = await at.heldAt(call, taken)
    at.gate.openForOthers()
    const reload = at.reload([{ id: 'r1' }, { id: `r${call + 2}` }])
    await asFarAsItGoes(reload)
    at.gate.open()
    assert.match(await taken, /^1 new/)
    assert.match(await reload, /1 setting has changed/)
    const stay = ['r1', `r${call + 2}`, `x${call + 1}`, 'y']
    assert.deepEqual(await at.kept(), stay)
    assert.deepEqual(await at.rcpts(...stay), ['250', '250', '250', '250'])
    const gone = [`x${call}`, call === 0 ? 'r0' : `r${call + 1}`]
    assert.deepEqual(await at.rcpts(...gone), ['550', '550'])
  }
})

test('one address for two, by a reload and an import at once: one of them is refused', async t => {
  const at = await house(t, [{ id: 'r1' }])
  await at.take([listed('x0')])
  at.gate.shut()
  const reload = at.reload([{ id: 'r1', addresses: ['both@isp.example'] }])
  await at.heldAt(1, reload)
  at.gate.openForOthers()
  const taken = at.take([listed('x0', 'both@isp.example')])
  await asFarAsItGoes(taken)
  at.gate.open()
  assert.match(await reload, /1 setting has changed/)
  assert.match(
    await taken,
    /gives both@isp\.example to customer x0, and it is an address of customer r1/,
  )
  const all = await at.addressesKept()
  assert.equal(all.filter(one => one === 'both@isp.example').length, 1, all.join())
})

test('a customer whom a list tells of while a reload goes on is not the file’s to take out', async t => {
  const at = await house(t, [{ id: 'r1' }])
  at.gate.shut()
  const reload = at.reload([{ id: 'r1' }, { id: 'r2' }])
  await at.heldAt(1, reload)
  at.gate.openForOthers()
  const taken = at.take([listed('r1'), listed('x1')])
  await asFarAsItGoes(taken)
  at.gate.open()
  await Promise.all([reload, taken])
  await at.reload([{ id: 'r2' }])
  assert.deepEqual(await at.kept(), ['r1', 'r2', 'x1'])
})
