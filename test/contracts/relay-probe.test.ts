// What every relay probe must do, with servers that refuse, relay, break off, or are not there. Against real ones: test/lab/opt-out.test.ts.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { relayProbe } from '../../src/drivers/lookups/relay-probe.ts'
import { freePort } from '../support/free-port.ts'

/** `answers`: to RCPT; undefined breaks off. No server may ever see DATA. */
async function probed(t: TestContext, answer: string | undefined) {
  const said: string[] = []
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.write('220 here\r\n')
    socket.on('data', chunk => {
      const word = chunk.toString().trim()
      said.push(word)
      if (!word.startsWith('RCPT')) return void socket.write('250 ok\r\n')
      if (answer === undefined) return void socket.destroy()
      socket.write(`${answer}\r\n`)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const probe = relayProbe({ ourName: 'mail.isp.example', ourDomain: 'isp.example', port })
  return { said, found: await probe.probe('127.0.0.1') }
}

for (const [kind, answer] of [
  ['closed', '554 no'],
  ['open', '250 ok'],
  ['unclear', undefined],
] as const)
  test(`${kind}: no message is handed over`, async t => {
    const { said, found } = await probed(t, answer)
    assert.equal(found.kind, kind)
    assert.ok(said.length > 0 && !said.some(word => /^(?:DATA|BDAT)/i.test(word)), said.join())
  })

test('nobody: there is no server', async () => {
  const port = await freePort()
  const probe = relayProbe({ ourName: 'mail.isp.example', ourDomain: 'isp.example', port })
  assert.deepEqual(await probe.probe('127.0.0.1'), { kind: 'no-server' })
})
