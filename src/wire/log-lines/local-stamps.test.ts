import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalStamps } from './local-stamps.ts'

const berlin = new LocalStamps('Europe/Berlin')
const read = (local: string) => {
  const { at, zoneKnown } = berlin.read(Date.parse(`${local}Z`))
  return [new Date(at).toISOString().slice(0, 19), zoneKnown]
}

test('stamps of a zone, in winter, in summer, and around the hours when its clock is changed', () => {
  assert.deepEqual(read('2026-01-05T12:00:00'), ['2026-01-05T11:00:00', true])
  assert.deepEqual(read('2026-07-05T12:00:00'), ['2026-07-05T10:00:00', true])
  assert.deepEqual(read('2026-03-29T01:59:59'), ['2026-03-29T00:59:59', true])
  assert.deepEqual(read('2026-03-29T03:00:00'), ['2026-03-29T01:00:00', true])
  assert.deepEqual(read('2026-10-25T01:59:00'), ['2026-10-24T23:59:00', true])
  assert.deepEqual(read('2026-10-25T03:00:00'), ['2026-10-25T02:00:00', true])
})

test('an hour that there was twice, or never, is not known', () => {
  assert.equal(read('2026-10-25T02:30:00')[1], false)
  assert.equal(read('2026-03-29T02:30:00')[1], false)
})
