import assert from 'node:assert/strict'
import { test } from 'node:test'
import { annasHome } from '../../../test/support/annas-home.ts'
import { ANNA, decoy, START } from '../../../test/support/annas-trouble.ts'
import type { Alarm } from '../../model/alarm.ts'
import { DAY, SECOND } from '../../model/duration.ts'
import { virtualCordon } from '../../simulation/virtual/virtual-cordon.ts'

const kim = { kind: 'staff', name: 'kim' } as const

async function operated() {
  const raised: Alarm[] = []
  const alarms = { raise: async (alarm: Alarm) => void raised.push(alarm) }
  let now = START
  const cordon = await virtualCordon({ ...annasHome, alarms, now: () => now })
  await cordon.engine.ready
  return { raised, cordon, later: (at: number) => void (now = at) }
}

test('a containment says what was seen and what undoes it; its end says who ended it', async t => {
  const { raised, cordon } = await operated()
  t.after(() => cordon.close())
  cordon.engine.report(decoy('d1', START))
  await cordon.engine.idle()
  const incident = cordon.ledger.cases.open(ANNA)
  assert.equal(raised.length, 1)
  assert.equal(raised[0]?.alarm, 'contained')
  assert.equal(raised[0]?.about, ANNA)
  assert.match(raised[0]?.evidence.join() ?? '', /^2026-01-05 00:00 UTC: .*decoy/)
  assert.equal(raised[0]?.undo, `cordon incident release ${incident?.caseCode}`)
  const order = { kind: 'release', incident: incident?.id ?? '' } as const
  await cordon.engine.command({ actor: kim, at: START + SECOND, order })
  await cordon.engine.idle()
  assert.equal(raised.length, 2)
  assert.equal(raised[1]?.over, true)
  assert.match(raised[1]?.words ?? '', /isolate ended at 2026-01-05 00:00 UTC \(staff\)/)
})

test('one that ends by itself is told of, too, and a login that staff stop', async t => {
  const { raised, cordon, later } = await operated()
  t.after(() => cordon.close())
  const subject = 'login:anna@isp.example'
  const [hours, why] = [1, 'a test'] as const
  const order = { kind: 'impose', subject, decision: 'stop-login', hours, why } as const
  const done = await cordon.engine.command({ actor: kim, at: START, order })
  assert.ok(done.done, done.text)
  await cordon.engine.idle()
  assert.match(raised[0]?.words ?? '', /mail account anna@isp\.example: stopped .*by staff/)
  later(START + DAY)
  await cordon.engine.chores.deadlines(START + DAY)
  await cordon.engine.idle()
  assert.match(raised[1]?.words ?? '', /stop-login ended at .* \(time\)/)
})

test('what is only watched is not told', async t => {
  const { raised, cordon } = await operated()
  t.after(() => cordon.close())
  const [decision, why] = ['watch', 'a test'] as const
  const order = { kind: 'impose', subject: ANNA, decision, why } as const
  const done = await cordon.engine.command({ actor: kim, at: START, order })
  assert.ok(done.done, done.text)
  await cordon.engine.idle()
  assert.deepEqual(raised, [])
})
