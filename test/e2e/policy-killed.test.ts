// Killed as soon as it has answered, the policy service knows afterwards what it counted.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { serve, startServer } from '../support/serve.ts'

let messages = 0

/** The answer to the end of one message of Anna's. */
async function ended(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  messages++
  socket.write(
    [
      'request=smtpd_access_policy',
      'protocol_state=END-OF-MESSAGE',
      'client_address=198.51.100.7',
      'helo_name=home.example',
      'sender=anna@isp.example',
      'sasl_username=anna@isp.example',
      `recipient=friend${messages}@meadow.example`,
      'recipient_count=1',
      `instance=${messages}.1`,
      'size=100',
      '\n',
    ].join('\n'),
  )
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer.toString()
}

test('killed at once after each answer: what was counted is counted, and the limit holds', async t => {
  const port = await freePort()
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
resolvers: ["127.0.0.1:9"]
policyService: { port: ${port}, countAt: end-of-message }
quotas: [{ name: burst, per: [login], limit: 2, in: 1h, over: defer }]
subscribers: [{ id: "1", logins: [{ name: anna@isp.example }] }]
`)
  t.after(served.stop)
  const file = join(served.folder, 'cordon.yaml')
  assert.match(await ended(port), /^action=DUNNO/)
  served.signal('SIGKILL')
  await served.ended
  for (const answer of [/^action=DUNNO/, /^action=450 .*\[quota\]/]) {
    const { server } = await startServer(file)
    t.after(() => server.kill('SIGKILL'))
    assert.match(await ended(port), answer)
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
})
