import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OWNER } from '../../../test/support/orders.ts'
import { mayTouch } from './may-touch.ts'

test('no actor may touch what does not exist, staff and chores included', () => {
  for (const actor of [
    OWNER,
    { kind: 'staff', name: 'eve' },
    { kind: 'chore', name: 'x' },
  ] as const)
    assert.equal(mayTouch(actor, undefined), undefined)
})

test('an owner touches what is theirs; staff and chores, everything there is', () => {
  const [mine, others, nobodys] = [{ subscriber: OWNER.subscriber }, { subscriber: 'bert' }, {}]
  assert.ok(mayTouch(OWNER, mine))
  for (const thing of [others, nobodys]) {
    assert.equal(mayTouch(OWNER, thing), undefined)
    assert.ok(mayTouch({ kind: 'staff', name: 'eve' }, thing))
    assert.ok(mayTouch({ kind: 'chore', name: 'x' }, thing))
  }
})
