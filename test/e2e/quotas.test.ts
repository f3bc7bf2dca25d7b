// A quota of the operator's own, through the real program: what is beyond it is held, its owner is told once, nothing is lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cordon, eventually, run, serve } from '../support/serve.ts'

test('two in an hour: the third and the fourth wait, and the owner hears of it once', async t => {
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
holdDelivery: true
listeners: [{ kind: trusted-network, port: 0 }]
quotas: [{ name: burst, per: [line], limit: 2, in: 1h }]
subscribers: [{ id: "1", logins: [{ name: anna@isp.example }] }]
leases: [{ prefix: 127.0.0.1, subscriber: "1" }]
`)
  t.after(served.stop)
  const words = `-m 1 -f anna@isp.example -t b@meadow.example inet:127.0.0.1:${served.ports[0]}`
  for (let i = 0; i < 4; i++)
    assert.equal((await run('/usr/sbin/smtp-source', words.split(' '))).code, 0)
  const queue = await eventually(async () => {
    const { output } = await cordon(served.folder, 'queue')
    return output.includes('abuse-desk@') ? output : undefined
  })
  assert.equal(queue.match(/ queued .* b@meadow\.example/g)?.length, 2, queue)
  assert.equal(queue.match(/ held .* b@meadow\.example .*over-quota/g)?.length, 2, queue)
  assert.equal(queue.match(/abuse-desk@isp\.example +anna@isp\.example/g)?.length, 1, queue)
})
