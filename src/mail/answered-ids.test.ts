import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answeredIds, messageIds } from './answered-ids.ts'
import { parseHeader } from './header.ts'

const answered = (header: string) =>
  answeredIds(parseHeader(Buffer.from(`${header}\r\n\r\n`)).fields)

test('parents first, then the end of the thread, each once', () => {
  assert.deepEqual(answered('In-Reply-To: <a@x.example>'), ['a@x.example'])
  assert.deepEqual(
    answered('References: <1@x>\r\n <2@x> <a@x.example>\r\nIn-Reply-To: <a@x.example>'),
    ['a@x.example'],
  )
  assert.deepEqual(answered('References: <1@x> <2@x>'), ['2@x'])
  assert.deepEqual(answered('In-Reply-To: <a@x> <b@x> <c@x>\r\nReferences: <d@x> <e@x>'), [
    'a@x',
    'b@x',
    'e@x',
  ])
  assert.deepEqual(answered('Subject: x'), [])
})

test('an id as programs write it, and none where there is none', () => {
  assert.deepEqual(messageIds('a@x.example'), ['a@x.example'])
  assert.deepEqual(messageIds('<a\r\n b@x.example>'), ['ab@x.example'])
  assert.deepEqual(messageIds('Your letter of Monday <a@x.example> (Ann)'), ['a@x.example'])
  for (const none of ['', '<>', '<a', 'two words', `<${'a'.repeat(999)}>`])
    assert.deepEqual(messageIds(none), [])
})
