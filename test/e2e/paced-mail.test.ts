// The window in force in a running Cordon: what waits is taken at once, staff and the command line see what it waits for and until when, a
// SIGKILL and a restart forget none of it, and one message may be sent by hand.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { cordon, serve, startServer } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
holdDelivery: true
evidence: { episodes: pace }
listeners: [{ kind: trusted-network, port: 0 }]
subscribers: [{ id: "1", contacts: [anna@isp.example] }]
leases: [{ prefix: 127.0.0.1/32, subscriber: "1" }]
`

test('what waits is taken, shown, kept over a SIGKILL, and may be sent by hand', async t => {
  const served = await serve(CONFIG)
  t.after(served.stop)
  const staff = (...args: readonly string[]) => cordon(served.folder, ...args)
  const send = async (...to: readonly string[]) => {
    const session = await talk(served.ports[0] ?? 0)
    for (const line of ['EHLO pc', 'MAIL FROM:<anna@isp.example>']) await session.say(`${line}\r\n`)
    for (const one of to) assert.match(await session.say(`RCPT TO:<${one}>\r\n`), /^250/)
    assert.match(await session.say('DATA\r\n'), /^354/)
    const text = `From: anna@isp.example\r\nSubject: to ${to[0]}\r\n\r\nhello\r\n.\r\n`
    assert.match(await session.say(text), /^250/)
    session.end()
  }
  // More than the bucket holds: so many of its recipients get it now, and the others wait, in front of the next messages.
  await send(...Array.from({ length: 20 }, (_, i) => `customer${i}@firm.example`))
  await send('second@hill.example')
  await send('third@hill.example')

  const listed = (await staff('queue', 'list', '--paced')).output
  assert.match(listed, /paced +about \d{4}-.*second@hill\.example +paced: to new people/)
  assert.doesNotMatch(listed, /customer0@firm\.example/)
  assert.match(listed, /customer19@firm\.example/)
  const seen = (await staff('evidence', 'line:1')).output
  assert.match(seen, /their window is in force/)
  assert.match(seen, /waits: 6 recipients to new people, the last until about /)
  const shown = (await staff('subscriber', 'show', '1')).output
  assert.match(shown, /^paced +3 messages, which wait for their turn$/m)

  served.signal('SIGKILL')
  await served.ended
  const { server } = await startServer(join(served.folder, 'cordon.yaml'))
  t.after(async () => {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  })
  const rows = async () =>
    (
      JSON.parse((await staff('queue', 'list', '--json', '--limit', '100')).output) as {
        rows: { message: string; recipient: string; state: string }[]
      }
    ).rows
  const again = await rows()
  const states = again.filter(row => row.recipient.endsWith('@hill.example'))
  assert.deepEqual(
    states.map(row => row.state),
    ['paced', 'paced'],
  )
  assert.equal(again.filter(row => row.state === 'queued').length, 16)
  const third = states.find(row => row.recipient === 'third@hill.example')
  const lookedAt = (await staff('queue', 'show', third?.message ?? '')).output
  assert.match(lookedAt, /^paced +third@hill\.example/m)
  assert.match(lookedAt, / {2}tx-commit {2}/)
  const told = await staff('queue', 'release', third?.message ?? '')
  assert.match(told.output, /is on its way/)
  const after = (await rows()).find(row => row.recipient === 'third@hill.example')
  assert.equal(after?.state, 'queued')
})
