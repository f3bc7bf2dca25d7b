// A smart host that wants a password: it gets it over TLS with the right certificate, and over nothing else. The library
// smtp-server plays it.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { cordon, eventually, run, serve } from '../support/serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-smart-'))
const taken: { user: string; secure: boolean; mail: string }[] = []
const passwords: string[] = []
let server: SMTPServer

before(async () => {
  for (const name of ['right', 'wrong']) {
    const request =
      'req -x509 -newkey rsa:2048 -nodes -subj /CN=smart -addext subjectAltName=IP:127.0.0.1'
    const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)]
    const made = await run('openssl', [...request.split(' '), ...files])
    assert.equal(made.code, 0, made.output)
  }
  server = new SMTPServer({
    key: readFileSync(join(folder, 'right.key')),
    cert: readFileSync(join(folder, 'right.pem')),
    onAuth: ({ username = '', password = '' }, _session, callback) => {
      passwords.push(String(password))
      if (username === 'isp' && password === 'smart secret') callback(null, { user: username })
      else callback(new Error('no'))
    },
    onData: (stream, session, callback) => {
      let mail = ''
      stream.on('data', (chunk: Buffer) => (mail += chunk.toString()))
      stream.on('end', () => {
        taken.push({ user: String(session.user), secure: session.secure, mail })
        callback()
      })
    },
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})

after(async () => {
  await new Promise<void>(resolve => server.close(() => resolve()))
  rmSync(folder, { recursive: true })
})

/** Cordon that believes this certificate, with one message on its way to the smart host. */
async function handing(certificate: string) {
  const { port } = server.server.address() as AddressInfo
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: trusted-network, port: 0 }]
routes:
  "*": { host: 127.0.0.1, port: ${port}, user: isp, password: smart secret, certificate: ${join(folder, certificate)} }
subscribers: [{ id: "1", logins: [{ name: anna@isp.example }] }]
leases: [{ prefix: 127.0.0.1, subscriber: "1" }]
`)
  const words = `-m 1 -f anna@isp.example -t friend@elsewhere.example inet:127.0.0.1:${served.ports[0]}`
  assert.equal((await run('/usr/sbin/smtp-source', words.split(' '))).code, 0)
  return served
}

test('the wrong certificate: it keeps its password and the mail', async t => {
  const served = await handing('wrong.pem')
  t.after(served.stop)
  await eventually(async () =>
    /certificate/i.test((await cordon(served.folder, 'queue')).output) ? true : undefined,
  )
  assert.deepEqual([taken, passwords], [[], []])
})

test('the right certificate: logged in, over TLS', async t => {
  const served = await handing('right.pem')
  t.after(served.stop)
  const [first] = await eventually(() => (taken.length > 0 ? taken : undefined))
  assert.deepEqual([first?.user, first?.secure], ['isp', true])
  assert.match(first?.mail ?? '', /^X-Cordon-Ref: v1\.[\w-]+\r?\nReceived: /)
})
