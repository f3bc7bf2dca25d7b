// The window beside a mail server that stays: what is beyond it is held there and leaves through the releaser, in its order, as our own queue
// lets it go; where nothing could release it, it is only noted.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { episodeWorld, SPAM } from '../support/episode-world.ts'
import { ANNA, pacedThere } from '../support/paced-there.ts'

const stranger = (i: number) => `c${i}@firm${i}.example`

for (const door of ['milter', 'policy'] as const) {
  test(`thirty invoices (${door}): 16 at once, the others held, and in an hour all have left, in their order`, async () => {
    const one = await pacedThere()
    const sent = []
    for (let i = 0; i < 30; i++) sent.push(await one[door]([stranger(i)]))
    assert.deepEqual(
      sent.map(({ verdict }) => verdict),
      sent.map((_, i) => (i < 16 ? 'accept' : 'hold')),
    )
    assert.ok(sent.slice(16).every(({ reason }) => reason === 'paced'))
    const rows = await one.rows()
    assert.equal(rows.length, 14)
    assert.ok(rows.every(row => row.state === 'paced' && row.bucket === 'new' && row.keptAs))
    const said = Math.max(...rows.map(({ due }) => due))
    const began = one.world.now()
    assert.ok(said > began + 45 * MINUTE && said < began + 60 * MINUTE, `${said - began}`)
    const [waits] = (await one.world.view(`login:${ANNA}`))?.waits ?? (await lineWaits(one))
    assert.equal(waits?.recipients, 14)
    await one.pass(said - began + MINUTE)
    assert.deepEqual(
      one.left,
      sent.map(({ id }) => id),
    )
    assert.deepEqual(await one.rows(), [])
    const charged = one.events('mail-let-go') as unknown as { readonly recipients: number }[]
    assert.equal(charged.length, 30)
  })

  test(`without a releaser (${door}): nothing is held or refused, what would wait is noted, and the operator is told once`, async () => {
    const one = await pacedThere({ away: true })
    for (let i = 0; i < 30; i++) assert.equal((await one[door]([stranger(i)])).verdict, 'accept')
    await one.world.cordon.engine.idle()
    const noted = one.events('mail-paced')
    assert.equal(noted.length, 14)
    assert.ok(noted.every(event => 'shadow' in event && event.shadow))
    assert.equal(one.events('mail-let-go').length, 16)
    const alarms = one.events('alarm-raised').map(event => ('words' in event ? event.words : ''))
    assert.equal(alarms.length, 1)
    assert.match(String(alarms[0]), /beyond the window of its sender is not held, because no rel/)
  })
}

const lineWaits = async (one: Awaited<ReturnType<typeof pacedThere>>) =>
  (await one.world.view('line:anna'))?.waits ?? []

test('spam to strangers leaves there as it leaves our own queue; the rest returns to its sender after five days, told and deleted there', async () => {
  const ours = await episodeWorld({ episodes: 'pace' })
  const one = await pacedThere()
  for (let i = 0; i < 60; i++) {
    await ours.send([stranger(i)], SPAM)
    await one.milter([stranger(i)], SPAM)
  }
  assert.ok(one.left.length >= 1 && one.left.length <= 2)
  assert.equal((await ours.paced()).length, one.held.size)
  assert.equal(one.held.size, 60 - one.left.length)
  const { size } = one.held
  await one.pass(6 * DAY, 30 * MINUTE)
  assert.equal(one.held.size, 0)
  const deleted = one.orders.filter(order => order.startsWith('delete'))
  const released = one.orders.filter(order => order.startsWith('release'))
  assert.ok(deleted.length > 0)
  assert.equal(deleted.length + released.length, size)
  const letters = await one.world.cordon.spool.list({})
  const reports = letters.filter(row => row.recipient === ANNA && row.sender === '')
  assert.equal(reports.length, deleted.length, 'each is told, once')
})

test('one message to thirty strangers is held whole, and goes with the token of its last', async () => {
  const one = await pacedThere()
  const { verdict, id } = await one.milter(Array.from({ length: 30 }, (_, i) => stranger(i)))
  assert.equal(verdict, 'hold')
  await one.pass(40 * MINUTE)
  assert.deepEqual(one.left, [])
  await one.pass(15 * MINUTE)
  assert.deepEqual(one.left, [id])
  const units = one
    .events('mail-let-go')
    .map(event => ('recipients' in event ? event.recipients : 0))
  assert.equal(
    units.reduce((sum, n) => sum + n, 0),
    30,
  )
})

test('a releaser that is away for hours: nothing is charged twice, and what has its tokens goes when it is back', async () => {
  const one = await pacedThere()
  for (let i = 0; i < 30; i++) await one.milter([stranger(i)])
  one.away(true)
  await one.pass(3 * HOUR, MINUTE)
  assert.equal(one.left.length, 16)
  assert.equal(one.events('mail-let-go').length, 30)
  one.away(false)
  await one.pass(2 * MINUTE)
  assert.equal(one.left.length, 30)
  assert.equal(new Set(one.orders).size, one.orders.length)
})

test('to people she has written to before nothing waits, and what staff send goes at once', async () => {
  const one = await pacedThere({ knows: ['friend@elsewhere.example'] })
  for (let i = 0; i < 17; i++) await one.milter([stranger(i)])
  assert.equal((await one.milter(['friend@elsewhere.example'])).verdict, 'accept')
  const [waiting] = one.held
  const order = { kind: 'release-message', message: waiting ?? '' } as const
  const actor = { kind: 'staff', name: 'eva' } as const
  const { engine } = one.world.cordon
  assert.equal((await engine.command({ order, actor, at: one.world.now() })).done, true)
  assert.deepEqual(one.orders, [`release ${waiting}`])
})

test('taken out of that queue by hand: it is forgotten, and takes no token', async () => {
  const one = await pacedThere()
  for (let i = 0; i < 20; i++) await one.milter([stranger(i)])
  await one.pass(MINUTE)
  const letGo = one.events('mail-let-go').length
  const before = one.held.size
  one.held.clear()
  // Such as come between Postfix's answer and its queue are waited for.
  await one.world.cordon.engine.chores.heldElsewhere(one.world.now() + 20 * MINUTE)
  assert.deepEqual(
    before > 0 && (await one.rows()).length > 0,
    true,
    'the clock says that it may come',
  )
  one.world.wait(20 * MINUTE)
  await one.world.cordon.engine.chores.heldElsewhere(one.world.now())
  assert.deepEqual(await one.rows(), [])
  await one.pass(2 * HOUR, MINUTE)
  assert.equal(one.events('mail-let-go').length, letGo)
})

test('where evidence by episodes decides, the same waits there', async () => {
  const one = await pacedThere({ episodes: 'decide' })
  for (let i = 0; i < 30; i++) await one.milter([stranger(i)])
  assert.equal(one.left.length, 16)
  await one.pass(HOUR, MINUTE)
  assert.equal(one.left.length, 30)
})

test('a case holds what is paced there, and when it ends that waits for the window again: a hold is no way past it', async () => {
  const one = await pacedThere()
  for (let i = 0; i < 30; i++) await one.milter([stranger(i)])
  const { engine, ledger } = one.world.cordon
  const subject = 'line:anna' as const
  const actor = { kind: 'staff', name: 'eva' } as const
  const hold = { kind: 'impose', subject, decision: 'hold', hours: 24, why: 'a test' } as const
  await engine.command({ order: hold, actor, at: one.world.now() })
  await one.pass(MINUTE)
  const states = async () => (await one.rows()).map(({ state, why }) => `${state} ${why}`)
  assert.ok((await states()).every(state => state.startsWith('held evidence')))
  assert.equal(one.held.size, 14)
  const incident = ledger.cases.open(subject)?.caseCode ?? ''
  await engine.command({ order: { kind: 'release', incident }, actor, at: one.world.now() })
  await engine.idle()
  assert.equal(one.held.size, 14)
  assert.deepEqual(new Set(await states()), new Set(['paced paced']))
  await one.pass(2 * HOUR, MINUTE)
  assert.equal(one.held.size, 0)
  assert.equal(one.events('mail-let-go').length, 30)
})
