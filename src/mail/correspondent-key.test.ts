import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressHider, correspondentKey } from './correspondent-key.ts'

test('of a correspondent only the domain can be read, and one person is one key', () => {
  const key = correspondentKey('Carla.Meadow@copper.example', 'secret')
  assert.match(key, /^[\w-]{12}@copper\.example$/)
  assert.doesNotMatch(key, /carla|meadow/i)
  for (const same of ['carla.meadow@COPPER.example', 'carla.meadow+shop@copper.example'])
    assert.equal(correspondentKey(same, 'secret'), key, same)
  assert.notEqual(correspondentKey('carla@copper.example', 'secret'), key)
  assert.notEqual(correspondentKey('Carla.Meadow@copper.example', 'other'), key)
  assert.equal(addressHider('secret')('carla.meadow@copper.example'), key)
})
