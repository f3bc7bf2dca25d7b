import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, SECOND } from '../model/duration.ts'
import { DroppedTellers } from './dropped-tellers.ts'

test('those who go on sending what is dropped are told of for an hour; one packet of a passer-by is not', () => {
  const dropped = new DroppedTellers()
  const of = (about: string) => ({ what: 'unknown client', about, words: 'dropped' })
  dropped.note(of('192.0.2.9'), 0)
  for (let i = 0; i < 3; i++) dropped.note(of('192.0.2.1'), i * 5 * SECOND)
  assert.deepEqual(dropped.worries(10 * SECOND), [
    { what: 'unknown client', about: '192.0.2.1', words: 'dropped (3 times)' },
  ])
  assert.deepEqual(dropped.worries(2 * HOUR), [])
  for (let i = 0; i < 10_000; i++) dropped.note(of(`10.0.${i >> 8}.${i & 255}`), HOUR)
  assert.deepEqual(dropped.worries(HOUR), [])
})
