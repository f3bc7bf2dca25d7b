import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, TLSSocket } from 'node:tls'
import { type Pem, tlsIdentity } from './tls-identity.ts'

function selfSigned(name: string, alternatives: string): Pem {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-tls-'))
  const [key, chain] = [join(folder, 'key'), join(folder, 'chain')]
  const args = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=${name} -addext subjectAltName=${alternatives} -keyout ${key} -out ${chain}`
  const made = spawnSync('openssl', args.split(' '), { encoding: 'utf8' })
  assert.equal(made.status, 0, made.stderr)
  const pem = { key: readFileSync(key, 'utf8'), chain: readFileSync(chain, 'utf8') }
  rmSync(folder, { recursive: true })
  return pem
}

test('each name gets its certificate, everybody else the first one, a handshake the current one', async t => {
  const first = selfSigned('first', 'DNS:mail.isp.example')
  const wild = selfSigned('wild', 'DNS:*.town.example,DNS:town.example')
  const exact = selfSigned('exact', 'DNS:mx.town.example')
  const identity = tlsIdentity([first, wild, exact])
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    new TLSSocket(socket, { isServer: true, ...identity.current() }).on('error', () => undefined)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const shown = (servername: string | undefined) =>
    new Promise<unknown>((resolve, reject) => {
      const socket = connect({
        port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        ...(servername === undefined ? {} : { servername }),
      })
      socket.on('error', reject)
      socket.on('secureConnect', () => {
        resolve(socket.getPeerCertificate().subject.CN)
        socket.destroy()
      })
    })
  const asked = ['mail.isp.example', 'MX.Town.example', 'a.town.example', 'town.example']
  const strange = ['a.b.town.example', 'elsewhere.example', undefined]
  assert.deepEqual(await Promise.all(asked.map(shown)), ['first', 'exact', 'wild', 'wild'])
  assert.deepEqual(await Promise.all(strange.map(shown)), ['first', 'first', 'first'])
  identity.replace([exact])
  assert.equal(await shown('mail.isp.example'), 'exact')
  assert.throws(() => identity.replace([{ key: exact.key, chain: first.chain }]))
  assert.equal(await shown('mail.isp.example'), 'exact', 'a bad pair changes nothing')
})
