import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeIn } from './kept-place.ts'

test('a place that is damaged is one from which all is told again, and not the end', () => {
  assert.equal(placeIn('{"cursor":"life.7"}'), 'life.7')
  for (const body of ['null', '{}', '[]', '7', '{"cursor":7}', '{"cursor":null}'])
    assert.equal(placeIn(body), '', body)
})
