import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventKeyOf } from './events.ts'

test('whom it is about is written as people write it', () => {
  for (const [said, key] of [
    ['Anna@ISP.example', 'login:anna@isp.example'],
    ['10017', 'line:10017'],
    ['192.0.2.7', 'address:192.0.2.7'],
    ['2001:DB8::7', 'address:2001:db8::7'],
    ['line:10017', 'line:10017'],
    ['message-id:<a@b.example>', 'message-id:<a@b.example>'],
    ['refusal:mwy305bs00sef836d0c', 'refusal:mwy305bs00sef836d0c'],
  ] as const)
    assert.equal(eventKeyOf(said), key)
})
