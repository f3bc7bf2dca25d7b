import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE, SECOND } from '../../model/duration.ts'
import { toldFiles } from './told-files.ts'

const AT = Date.UTC(2026, 10, 28)

test('files that cannot be written are told of while it lasts, not for one attempt, and again when it comes again', async () => {
  let isFull = false
  const said: number[] = []
  const files = toldFiles(
    {
      write: async () => {
        if (isFull) throw new Error('ENOSPC: no space left on device')
      },
    },
    '/srv/list',
    ({ alarm, about, words, at }) => {
      assert.deepEqual([alarm, about], ['list-files', '/srv/list'])
      assert.match(words, /old list: ENOSPC/)
      said.push((at - AT) / SECOND)
    },
  )
  const write = (after: number) => files.write(AT + after).catch(() => undefined)
  isFull = true
  await write(0)
  isFull = false
  await write(10 * SECOND)
  isFull = true
  await assert.rejects(files.write(AT + 20 * SECOND), /ENOSPC/)
  assert.deepEqual(said, [])
  for (let after = 30 * SECOND; after < HOUR; after += MINUTE) await write(after)
  assert.deepEqual(said, [30, 1830])
  isFull = false
  await write(HOUR)
  isFull = true
  await write(HOUR + 10 * SECOND)
  await write(HOUR + 20 * SECOND)
  assert.deepEqual(said, [30, 1830, 3620])
})
