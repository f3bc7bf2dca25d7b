import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDuration, parseDuration } from './duration.ts'

test('durations are read and written', () => {
  assert.equal(parseDuration('30m'), 1_800_000)
  assert.equal(parseDuration('1.5h'), 5_400_000)
  assert.equal(parseDuration('500ms'), 500)
  assert.equal(parseDuration('soon'), undefined)
  assert.equal(parseDuration('-3h'), undefined)
  assert.equal(formatDuration(45_000), '45s')
  assert.equal(formatDuration(72 * 3_600_000), '3d')
})
