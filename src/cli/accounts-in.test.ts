import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountsIn } from './accounts-in.ts'

test('one a line, CSV with quotes and a header, with a password behind it; each once', () => {
  const list =
    'email;seen\r\nanna@isp.example\n"1","bert@isp.example","x@y.example"\n\nanna@isp.example:secret\n# none\n'
  assert.deepEqual(accountsIn(list), ['anna@isp.example', 'bert@isp.example'])
  assert.deepEqual(accountsIn(''), [])
})
