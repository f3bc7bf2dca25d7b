// `cordon doctor` on a machine where one thing is missing, then more: exactly these are named, each with what to do.

import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { CLI } from '../support/program.ts'
import { run, type Served, serve } from '../support/serve.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'
import { type LocalDns, localDns } from '../support/unbound.ts'

let dns: LocalDns
let served: Served
let store: Sink

before(async () => {
  dns = await localDns([
    'mx.isp.example. A 192.0.2.1',
    '1.2.0.192.in-addr.arpa. PTR mx.isp.example.',
    'isp.example. TXT "v=spf1 mx -all"',
    '_dmarc.isp.example. TXT "v=DMARC1; p=none"',
  ])
  const [port, storePort] = [await freePort(), await freePort()]
  store = await sink('127.0.0.1', storePort)
  served = await serve(
    `hostname: mx.isp.example
domains: [isp.example]
resolvers: ['${dns.server}']
alarms: { mail: [noc@isp.example] }
mailboxStore: { host: 127.0.0.1, port: ${storePort} }
certificate: { key: FOLDER/key.pem, chain: FOLDER/chain.pem }
scanners: { rspamd: { url: http://127.0.0.1:1 } }
listeners: [{ kind: submission, address: 0.0.0.0, port: ${port} }]`,
    folder =>
      run('openssl', [
        ...'req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=mx.isp.example'.split(' '),
        '-addext',
        'subjectAltName=DNS:mx.isp.example',
        '-keyout',
        join(folder, 'key.pem'),
        '-out',
        join(folder, 'chain.pem'),
      ]),
  )
})

after(async () => {
  await served?.stop()
  dns?.stop()
  store?.stop()
})

const doctor = async () => {
  const file = join(served.folder, 'cordon.yaml')
  const { code, output } = await run(process.execPath, [CLI, 'doctor', '--config', file, '--json'])
  const { rows } = JSON.parse(output) as { rows: { what: string; state: string; said: string }[] }
  const missing = rows.filter(({ state }) => state === 'missing').map(({ what }) => what)
  return { code, rows, missing }
}

test('only the DKIM records are missing, and are all that is named', async () => {
  const { code, rows, missing } = await doctor()
  const keys = ['DKIM of isp.example, RSA', 'DKIM of isp.example, Ed25519']
  assert.deepEqual(missing, keys, JSON.stringify(rows))
  assert.equal(code, 1)
  for (const what of [
    /^server$/,
    /^port /,
    /^certificate /,
    /^disk /,
    /^reverse DNS/,
    /^SPF/,
    /^alarms to/,
    /^DNS server/,
  ])
    assert.equal(rows.find(one => what.test(one.what))?.state, 'good', String(what))
})

test('a server that has ended, and its door, are named', async () => {
  await served.end()
  const { code, missing } = await doctor()
  assert.equal(code, 1)
  assert.deepEqual(
    missing.map(what => what.replace(/ .*/, '')),
    ['server', 'port', 'DKIM', 'DKIM'],
  )
})

test('an operator whose address is refused, and a resolver that is dead, are named', async () => {
  const [refusing, dead] = [await freePort(), await freePort()]
  const server = await sink('127.0.0.1', refusing, '-f', 'rcpt')
  const file = join(served.folder, 'cordon.yaml')
  const before = readFileSync(file, 'utf8')
  const changed = before
    .replace(/(mailboxStore: .*port: )\d+/, `$1${refusing}`)
    .replace(/^resolvers: .*$/m, `resolvers: ['127.0.0.1:${dead}']`)
  writeFileSync(file, changed)
  const { code, rows } = await doctor().finally(() => {
    server.stop()
    writeFileSync(file, before)
  })
  assert.equal(code, 1)
  const said = rows.filter(one => one.state === 'missing').map(one => `${one.what}: ${one.said}`)
  assert.match(said.join('\n'), /^alarms to noc@isp\.example: 127\.0\.0\.1:\d+ refuses .*\(5\d\d /m)
  assert.match(said.join('\n'), /^DNS server 127\.0\.0\.1:\d+: does not answer/m)
})

test('a certificate that is gone, or a mistake in the file, is the first thing to mend', async () => {
  rmSync(join(served.folder, 'chain.pem'))
  const gone = await doctor()
  assert.match(gone.rows.map(({ said }) => said).join(), /chain\.pem/)
  assert.equal(gone.code, 1)
  writeFileSync(join(served.folder, 'cordon.yaml'), 'listners: []\n')
  const { rows, code } = await doctor()
  assert.deepEqual([rows.length, code], [1, 1])
  assert.match(rows[0]?.said ?? '', /listners/)
})
