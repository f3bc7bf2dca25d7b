// What is asked of mailauth ends when its time ends: nothing more is read.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checked } from './mailauth.ts'

test('when the time is over, the message is read no further', async () => {
  const closed = Promise.withResolvers<void>()
  async function* endless() {
    try {
      yield Buffer.from('From: a@bank.example\r\n\r\n')
      for (;;) yield Buffer.from('hello\r\n'.repeat(10_000))
    } finally {
      closed.resolve()
    }
  }
  const from = { address: '192.0.2.1', helo: 'a.example', sender: '' }
  const dns = { resolve: async () => [] }
  const asked = { dns: dns as never, from, ourName: 'isp.example', questions: 1, budget: 100 }
  await assert.rejects(checked(endless(), asked), /not done within 100 ms/)
  await closed.promise
})
