// A client that floods us with commands, and one that makes only mistakes, is told of once for a session: in the journal, by its address, and
// as a number. Nor is a line written for each recipient of a session that a rule only observes.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'

let served: Served
before(async () => {
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
listeners: [{ kind: inbound, port: 0 }]
rules: { protocol-violation: observe }
`)
})
after(() => served.stop())

/** All that was said, when the server has hung up. */
async function says(words: string): Promise<string> {
  const socket = connect(served.ports[0] ?? 0, '127.0.0.1')
  let said = ''
  socket.on('data', (chunk: Buffer) => {
    if (said === '') socket.write(words)
    said += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  await once(socket, 'close')
  return said
}

const told = async (kind: string) =>
  (await cordon(served.folder, 'events', 'address:127.0.0.1')).output
    .split('\n')
    .filter(line => line.includes(`  ${kind}  `))

test('who floods and who makes only mistakes leaves a trace, once for a session', async () => {
  assert.match(await says(`EHLO x\r\n${'VRFY a\r\n'.repeat(150)}`), /421 4\.7\.0 .*Too many/)
  assert.match(await says('JUNK\r\n'.repeat(30)), /421 4\.7\.0 .*Too many errors/)
  const found = await eventually(async () => {
    const lines = await told('client-cut-off')
    return lines.length >= 2 ? lines : undefined
  })
  assert.equal(found.length, 2)
  assert.match(found[0] ?? '', /"tooMany":"commands without a message"/)
  assert.match(found[1] ?? '', /"tooMany":"errors"/)
  const metrics = await (await fetch(`${served.console}metrics`)).text()
  assert.match(
    metrics,
    /^cordon_clients_cut_off_total\{listener="inbound",why="commands without a message"\} 1$/m,
  )
})

test('what a rule observes of every recipient of a session is told once', async () => {
  const before = (await told('judged')).length
  const recipients = 'MAIL FROM:<a@far.example>\r\nRCPT TO:<sink@isp.example>\r\nRSET\r\n'.repeat(
    80,
  )
  await says(`EHLO x\r\n${recipients}QUIT\r\n`)
  await eventually(async () => ((await told('judged')).length > before ? true : undefined))
  const { output } = await cordon(served.folder, 'events', 'address:127.0.0.1')
  const last = output
    .split('\n')
    .filter(line => /protocol-violation/.test(line) && / {2}judged /.test(line))
  const sessions = last.map(
    line => `${/"session":"([^"]+)/.exec(line)?.[1]} ${/"stage":"([^"]+)/.exec(line)?.[1]}`,
  )
  assert.ok(sessions.length > 0)
  assert.equal(new Set(sessions).size, sessions.length, last.join('\n'))
})
