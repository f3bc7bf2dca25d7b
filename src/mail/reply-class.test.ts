import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { classifyReply } from './reply-class.ts'

const known = readFileSync(new URL('../../test/replies/replies.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => {
    const space = line.indexOf(' ')
    const text = line.slice(space + 1)
    return { want: line.slice(0, space), code: Number(text.slice(0, 3)), text }
  })

test('at least two hundred replies of other servers are sorted as a person sorted them', () => {
  assert.ok(known.length >= 200, String(known.length))
  const wrong = known
    .map(({ want, code, text }) => ({ want, got: classifyReply(code, text), text }))
    .filter(({ want, got }) => want !== got)
  assert.deepEqual(wrong, [])
})

test('no reply at all is temporary, and a hostile one breaks nothing', () => {
  assert.equal(classifyReply(0, 'connect ECONNREFUSED'), 'temporary')
  for (const text of ['user '.repeat(20_000), 'no '.repeat(30_000), ' '.repeat(50_000)])
    classifyReply(550, text.slice(0, 500))
})
