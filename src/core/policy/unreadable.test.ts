import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Unreadable } from '../../model/message.ts'
import type { AttributedStep } from '../../model/step.ts'
import { NOTHING_KNOWN } from './rule.ts'
import { unreadable } from './unreadable.ts'

const decided = (...found: readonly Unreadable[]) =>
  unreadable('enforce').decide(
    { message: found.length > 0 ? { unreadable: found } : {} } as unknown as AttributedStep,
    NOTHING_KNOWN,
  )

test('an archive for which nobody had time is asked for again; what cannot be read is refused', () => {
  assert.equal(decided(), undefined)
  assert.deepEqual(decided('not-looked'), { kind: 'defer', reason: 'try-later' })
  assert.deepEqual(decided('archive'), { kind: 'reject', reason: 'unreadable-message' })
  assert.deepEqual(decided('not-looked', 'header'), {
    kind: 'reject',
    reason: 'unreadable-message',
  })
})
