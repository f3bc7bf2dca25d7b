// Mail is shown to real scanners, ClamAV and rspamd, and what they say is done; also when they say nothing.

import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { clamavScanner } from '../../src/drivers/scanners/clamav.ts'
import { rspamdScanner } from '../../src/drivers/scanners/rspamd.ts'
import { clamd, EICAR } from '../support/clamd.ts'
import { freePort } from '../support/free-port.ts'
import { GTUBE, rspamd } from '../support/rspamd.ts'
import { keepsScannerContract } from '../support/scanner-contract.ts'
import { cordon, serve } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'

const config = (scanners: string, more = '') => `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
resolvers: ["127.0.0.1:9"]
listeners:
  - { kind: inbound, port: 0, trustedXclient: [127.0.0.1] }
  - { kind: trusted-network, port: 0, trustedXclient: [127.0.0.1] }
rules: { scan: enforce }
scanners: ${scanners}
subscribers: [{ id: "7", logins: [{ name: anna@isp.example }] }]
leases: [{ prefix: 203.0.113.7, subscriber: "7" }]
${more}
`
const letter = (text: string) => `From: ann@meadow.example\nSubject: hello\n\n${text}\n`
const attached = (bytes: string) => `From: ann@meadow.example
Subject: a file
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: application/octet-stream; name=file.bin
Content-Transfer-Encoding: base64

${Buffer.from(bytes).toString('base64')}
--x--
`

test('a virus goes on to nobody, whoever sends it; a scanner that is gone stops nobody', async t => {
  const scanner = await clamd()
  t.after(scanner.stop)
  const { port } = scanner
  await keepsScannerContract(
    clamavScanner({ host: '127.0.0.1', port, maxSize: 900_000, timeout: 60_000 }),
  )
  const served = await serve(config(`{ clamav: { port: ${scanner.port}, maxSize: 900000 } }`))
  t.after(served.stop)
  const [inbound = 0, trusted = 0] = served.ports
  assert.match(await strangerSends(inbound, letter('hello there')), /^250/)
  assert.match(await strangerSends(inbound, attached(EICAR)), /^554 5\.7\.1 \[virus\]/)
  const own = { address: '203.0.113.7', sender: 'anna@isp.example' }
  assert.match(await strangerSends(trusted, attached(EICAR), own), /^554 5\.7\.1 \[virus\]/)
  const large = `${letter('x'.repeat(70))}${`${'y'.repeat(70)}\n`.repeat(40_000)}`
  assert.match(await strangerSends(inbound, large), /^250/, 'its first part is looked at')
  scanner.stop()
  assert.match(await strangerSends(inbound, attached(EICAR)), /^250/)
})

test('what rspamd refuses is refused to strangers, and is evidence against our own', async t => {
  const scanner = await rspamd()
  t.after(scanner.stop)
  await keepsScannerContract(rspamdScanner(scanner.url, 60_000))
  const served = await serve(config(`{ rspamd: { url: "${scanner.url}" } }`))
  t.after(served.stop)
  const [inbound = 0, trusted = 0] = served.ports
  assert.match(await strangerSends(inbound, letter('hello there')), /^250/)
  assert.match(await strangerSends(inbound, letter(GTUBE.refused)), /^554 5\.7\.1 \[spam\]/)
  assert.match(await strangerSends(inbound, letter(GTUBE.marked)), /^250/)
  const own = { address: '203.0.113.7', sender: 'anna@isp.example', to: ['bob@copper.example'] }
  assert.match(await strangerSends(trusted, letter(GTUBE.refused), own), /^250/)
  const evidence = await cordon(served.folder, 'evidence', '7')
  assert.match(evidence.output, /content|spam/i)
})

test('a scanner that hangs, or is not there, is not waited for: the operator’s choice is done', async t => {
  const sockets = new Set<Socket>()
  const mute = createServer(socket => void sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>(resolve => void mute.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    mute.close()
  })
  const { port } = mute.address() as AddressInfo
  const nobody = await freePort()
  const both = (rspamdPort: number, clamavPort: number, more: string) =>
    serve(
      config(
        `{ rspamd: { url: "http://127.0.0.1:${rspamdPort}" }, clamav: { port: ${clamavPort} }, timeout: 1s ${more} }`,
      ),
    )
  for (const [rspamdPort, clamavPort] of [
    [port, port],
    [nobody, port],
    [port, nobody],
  ] as const) {
    const served = await both(rspamdPort, clamavPort, '')
    assert.match(await strangerSends(served.ports[0] ?? 0, letter('hello')), /^250/)
    await served.stop()
  }
  const served = await both(port, nobody, ', onFailure: defer')
  t.after(served.stop)
  assert.match(await strangerSends(served.ports[0] ?? 0, letter('hello')), /^451 4\.3\.0/)
})
