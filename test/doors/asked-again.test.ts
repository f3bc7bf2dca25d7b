// A server that keeps mail asks again when no answer came. What it hears then is what the first answer would have been: nothing that Cordon
// could not write down counts as done.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreUnavailable } from '../../src/model/errors.ts'
import type { Step } from '../../src/model/step.ts'
import { beside, ID, LIMITS, WIDE } from '../support/beside-a-server.ts'

type Beside = Awaited<ReturnType<typeof beside>>

const stranger = (i: number): Partial<Step> => ({
  recipients: [`stranger${i}@elsewhere.example`],
  recipientCount: 1,
})

/** Messages until one is held. */
async function untilHeld(one: Beside): Promise<number> {
  for (let i = 1; i < 60; i++) if ((await one.ask(i, stranger(i))).kind === 'hold') return i
  throw new Error('nothing was held')
}

for (const [of, limits] of [
  ['a limit', LIMITS],
  ['evidence', { ...WIDE, firstTimePerDay: 1000, messagesPerHour: 1000 }],
] as const)
  test(`held for ${of} on a full disk: no answer however often it is asked, and held when there is room`, async t => {
    const one = await beside(t, { limits })
    const i = (await untilHeld(one)) + 1
    one.full(true)
    for (let times = 0; times < 3; times++)
      await assert.rejects(one.ask(i, stranger(i)), StoreUnavailable)
    one.full(false)
    assert.equal((await one.ask(i, stranger(i))).kind, 'hold')
    assert.ok(one.elsewhere.get(ID(i)), 'Cordon knows it')
    assert.equal((await one.ask(i, stranger(i))).kind, 'hold')
  })

test('what waits for the disk uses nothing of how much may be held in a day', async t => {
  const one = await beside(t, { limits: LIMITS })
  const i = (await untilHeld(one)) + 1
  one.full(true)
  for (let times = 0; times < 1000; times++)
    await assert.rejects(one.ask(i, stranger(i)), StoreUnavailable)
  one.full(false)
  assert.equal((await one.ask(i, stranger(i))).kind, 'hold')
})

test('asked again about what is not known any more: what is said to be held is known, and can be released', async t => {
  const one = await beside(t, { limits: { ...WIDE, firstTimePerDay: 1000, messagesPerHour: 1000 } })
  const i = await untilHeld(one)
  await one.elsewhere.change({ message: ID(i) }, { to: 'gone' })
  assert.equal(one.elsewhere.get(ID(i)), undefined)
  assert.equal((await one.ask(i, stranger(i))).kind, 'hold')
  assert.ok(one.elsewhere.get(ID(i)))
})
