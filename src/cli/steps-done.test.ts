// Progress is drawn on a terminal and nowhere else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepsDone } from './steps-done.ts'

const written = (isTTY: boolean) => {
  const texts: string[] = []
  const progress = stepsDone(4, { isTTY, write: text => texts.push(text) })
  progress.step()
  progress.step()
  progress.clear()
  return texts
}

test('a terminal shows how many of how many are done, on one line', () => {
  const [first, second, cleared] = written(true)
  assert.match(first ?? '', /^\r\[#{6}\.{18}\] 1 of 4/)
  assert.match(second ?? '', /^\r\[#{12}\.{12}\] 2 of 4/)
  assert.equal(cleared, '\r\u001B[K')
})

test('a file or a pipe gets none of it', () => {
  assert.deepEqual(written(false), [])
})
