import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriesWhite } from './own-look.ts'

test('a colour is taken where white letters have a contrast of 4.5 to 1 on it', () => {
  // #767676 is the lightest grey that passes, as the examples of WCAG say.
  for (const colour of ['#1a6b4a', '#000000', '#767676', '#C00000'])
    assert.ok(carriesWhite(colour), colour)
  for (const colour of ['#777777', '#ffffff', '#ffcc00', 'red', '#fff', '', '#1a6b4a}body{}'])
    assert.ok(!carriesWhite(colour), colour)
})
