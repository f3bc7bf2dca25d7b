import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../model/duration.ts'
import { ofTellers } from './network-doctor.ts'

const NOW = 100 * HOUR

test('a clock that is off and settled, and a silent source, are found', () => {
  const teller = { kind: 'radius', name: 'bng', settled: true, heardAt: NOW - MINUTE, offset: 100 }
  const found = (more: Partial<typeof teller>) =>
    ofTellers({ tellers: [{ ...teller, ...more }], worries: [] }, NOW).map(({ what }) => what)
  assert.deepEqual(found({}), [])
  assert.deepEqual(found({ offset: -5 * MINUTE }), ['clock'])
  assert.deepEqual(found({ offset: -5 * MINUTE, settled: false }), [])
  assert.deepEqual(found({ heardAt: 0 }), ['silent'])
  assert.deepEqual(found({ heardAt: NOW - HOUR, offset: HOUR }), ['clock', 'silent'])
})
