// The same as crash.test.ts where more can go wrong: mail comes in over TLS, in chunks, large ones too; it goes to Dovecot
// over LMTP and to a server that dies in mid-transaction. Every message that was answered 250 arrives at both.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { dovecot } from '../support/dovecot.ts'
import { freePort } from '../support/free-port.ts'
import { cordon, startServer } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'
import { idOf, isWhole, wholeMessage } from '../support/whole-message.ts'

const KILLS = 12
const CLIENTS = 6
/** Messages taken on average before each kill; waited for, for some ten seconds. */
const PER_LIFE = 9

test(`killed ${KILLS} times, over TLS, in chunks, to LMTP and to a server that dies`, {
  timeout: 300_000,
}, async t => {
  const store = await dovecot()
  t.after(store.stop)
  const far = await mortal()
  t.after(() => far.server.close())
  const folder = mkdtempSync(join(tmpdir(), 'cordon-crash-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort()
  const config = join(folder, 'cordon.yaml')
  writeFileSync(
    config,
    `hostname: mail.isp.example
dataFolder: ${folder}/data
domains: [isp.example]
mailboxes: [sink@isp.example]
mailboxStore: { host: 127.0.0.1, port: ${store.lmtpPort}, protocol: lmtp }
routes: { far.example: { host: 127.0.0.1, port: ${far.port} } }
listeners: [{ kind: trusted-network, port: ${port} }]
http: { console: { port: 0 }, portal: { port: 0 } }
log: silent
scanner: none
rules: { limits: "off" }
budgets: { wrongIsolations: 1e-300, holds: 1e-300 }
subscribers: [{ id: "1", plan: business, logins: [{ name: anna@isp.example }] }]
leases: [{ prefix: 127.0.0.1, subscriber: "1" }]
`,
  )
  const acknowledged = new Set<string>()
  for (let i = 0; i < KILLS; i++) {
    const { server } = await startServer(config)
    const over = new AbortController()
    const clients = Array.from({ length: CLIENTS }, () => load(port, over.signal, acknowledged))
    await pause(400 + Math.random() * 600)
    // On a busy machine a second is hardly a start: it dies when it has had work, and at a moment of chance.
    const enough = (i + 1) * PER_LIFE
    for (let n = 0; n < 200 && acknowledged.size < enough; n++) await pause(20 + Math.random() * 60)
    const died = once(server, 'exit')
    server.kill('SIGKILL')
    await died
    over.abort()
    await Promise.all(clients)
  }
  assert.ok(acknowledged.size > 100, `only ${acknowledged.size} messages were taken`)
  const { server } = await startServer(config)
  const missing = (found: ReadonlyMap<string, unknown>) =>
    [...acknowledged].filter(id => !found.has(id))
  const deadline = Date.now() + 120_000
  while (Date.now() < deadline) {
    await cordon(folder, 'queue', 'flush')
    await pause(500)
    if (
      missing(far.taken).length === 0 &&
      missing(byId(store.messages('sink@isp.example'))).length === 0
    )
      break
  }
  const stopped = once(server, 'exit')
  server.kill('SIGTERM')
  await stopped
  const near = byId(store.messages('sink@isp.example'))
  assert.deepEqual(missing(near), [], 'acknowledged and not in the mailbox')
  assert.deepEqual(missing(far.taken), [], 'acknowledged and not at the other server')
  for (const copies of [...near.values(), ...far.taken.values()])
    for (const copy of copies) assert.ok(isWhole(copy), 'cut short')
  const copies = [...far.taken.values()].flat().length
  t.diagnostic(
    `${acknowledged.size} acknowledged; the server that dies took ${copies}, and died ${far.deaths()} times`,
  )
})

/** Sends over TLS, each message in two chunks, until the server is gone. */
async function load(port: number, signal: AbortSignal, acknowledged: Set<string>): Promise<void> {
  while (!signal.aborted) {
    try {
      const client = await talk(port)
      await client.say('EHLO home.example\r\n')
      await client.say('STARTTLS\r\n')
      await client.secure()
      await client.say('EHLO home.example\r\n')
      for (;;) {
        const id = randomBytes(8).toString('hex')
        await client.say('MAIL FROM:<anna@isp.example>\r\n')
        await client.say('RCPT TO:<sink@isp.example>\r\n')
        await client.say('RCPT TO:<inbox@far.example>\r\n')
        const bytes = Buffer.from(wholeMessage(id))
        const cut = Math.floor(Math.random() * bytes.length)
        await client.say(chunk(bytes.subarray(0, cut), ''))
        const reply = await client.say(chunk(bytes.subarray(cut), ' LAST'))
        if (reply.startsWith('250')) acknowledged.add(id)
      }
    } catch {
      await pause(20)
    }
  }
}

const chunk = (bytes: Buffer, last: string) =>
  Buffer.concat([Buffer.from(`BDAT ${bytes.length}${last}\r\n`), bytes])

/** Message id -> every copy. */
function byId(mails: readonly string[]): Map<string, string[]> {
  return Map.groupBy(mails, mail => idOf(mail) ?? 'unknown')
}

/** A server that takes mail and dies, one time in five, somewhere on the way: before, inside or after the message. */
async function mortal() {
  const taken = new Map<string, string[]>()
  let deaths = 0
  const server: Server = createServer(socket => {
    let mail: string | undefined
    let rest = ''
    const dies = () => {
      const now = Math.random() < 0.04
      if (now) {
        deaths++
        socket.destroy()
      }
      return now
    }
    socket.on('error', () => undefined)
    socket.write('220 far.example ESMTP\r\n')
    socket.on('data', bytes => {
      rest += bytes.toString('latin1')
      if (dies()) return
      for (;;) {
        if (mail !== undefined) {
          const end = rest.indexOf('\r\n.\r\n')
          if (end < 0) return
          const whole = `${rest.slice(0, end)}\r\n`.replace(/^\./gm, '')
          rest = rest.slice(end + 5)
          mail = undefined
          // After it is taken and before that is said: this one comes twice.
          taken.set(idOf(whole) ?? '', [...(taken.get(idOf(whole) ?? '') ?? []), whole])
          if (dies()) return
          socket.write('250 2.0.0 taken\r\n')
          continue
        }
        const newline = rest.indexOf('\r\n')
        if (newline < 0) return
        const verb = rest.slice(0, 4).toUpperCase()
        rest = rest.slice(newline + 2)
        if (dies()) return
        if (verb === 'DATA') mail = ''
        socket.write(
          verb === 'DATA'
            ? '354 go\r\n'
            : verb === 'EHLO'
              ? '250-far\r\n250 PIPELINING\r\n'
              : '250 ok\r\n',
        )
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  return {
    server,
    taken,
    deaths: () => deaths,
    port: typeof bound === 'object' && bound ? bound.port : 0,
  }
}
