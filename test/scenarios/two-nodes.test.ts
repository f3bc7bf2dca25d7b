// Two nodes over one ledger: what is decided on one is carried out on the other as well, about what that one has of its own.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { memoryLedger, virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { annasHome } from '../support/annas-home.ts'
import { decoy, START } from '../support/annas-trouble.ts'
import { waitingMail } from '../support/waiting-mail.ts'

const staff = { kind: 'staff', name: 'kim' } as const

async function twoNodes() {
  const ledger = await memoryLedger()
  const node = async () => {
    const spool = directSpool()
    const cut: string[] = []
    const cordon = await virtualCordon({
      ...annasHome,
      ledger,
      spool,
      sessions: { cut: login => void cut.push(login) },
      now: () => START,
    })
    await cordon.engine.ready
    return { engine: cordon.engine, spool, cut }
  }
  return { ledger, here: await node(), there: await node() }
}

test('a login that is stopped on one node is cut on both', async () => {
  const { ledger, here, there } = await twoNodes()
  const order = {
    kind: 'impose',
    subject: 'login:anna@isp.example',
    decision: 'stop-login',
    hours: 1,
    why: 'a test',
  } as const
  const outcome = await here.engine.command({ actor: staff, at: START, order })
  assert.ok(outcome.done, outcome.text)
  await there.engine.idle()
  assert.deepEqual([here.cut, there.cut], [['anna@isp.example'], ['anna@isp.example']])
  await ledger.close()
})

test('mail that waits on one node is held when the other finds its line infected, and goes on when that is over', async () => {
  const { ledger, here, there } = await twoNodes()
  await waitingMail(there.spool, START)
  const state = async () => (await there.spool.list({ message: 'waiting' })).map(row => row.state)
  here.engine.report(decoy('d1', START))
  await here.engine.idle()
  await there.engine.idle()
  assert.deepEqual(await state(), ['held'])
  const [incident] = ledger.cases.openCases()
  const order = { kind: 'release', incident: incident?.id ?? '' } as const
  await here.engine.command({ actor: staff, at: START + 1000, order })
  await there.engine.idle()
  assert.deepEqual(await state(), ['queued'])
  await ledger.close()
})
