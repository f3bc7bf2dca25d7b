// Homes behind one outside address: told by arithmetic (RFC 7422), by the log of a NAT, and by a file. `cordon who` says whose a port
// was, and nothing is enforced where nobody can tell.

import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { CLI } from '../support/program.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'

let served: Served
let port: number

before(async () => {
  port = await freePort()
  served = await serve(`
hostname: mail.isp.example
leaseSkew: 0s
sharedAddresses: [{ insideRealm: bng1, inside: 100.64.0.0/24, outside: [203.0.113.8/31], portsEach: 504 }]
natLog: { address: 127.0.0.1, port: ${port}, sources: [127.0.0.1], insideRealm: bng1 }
subscribers: [{ id: anna }, { id: bert }]
leases:
  - { realm: bng1, prefix: 100.64.0.0, subscriber: anna }
  - { realm: bng1, prefix: 100.64.0.130, subscriber: bert }
`)
})
after(() => served.stop())

const who = async (asked: string) => (await cordon(served.folder, 'who', asked)).output

test('by arithmetic', async () => {
  assert.match(await who('203.0.113.8:1024'), /^anna  certain/)
  assert.match(await who('203.0.113.8:1527'), /^anna  certain/)
  assert.match(await who('203.0.113.8:1528'), /^unknown/)
  assert.match(await who('203.0.113.9:2040'), /^bert  certain/)
  assert.match(await who('203.0.113.8'), /^ambiguous/)
  assert.match(await who('203.0.113.8:80'), /^ambiguous/)
})

test('by the log of a NAT, until the block is taken back', async () => {
  const socket = createSocket('udp4')
  const say = (what: string) =>
    socket.send(
      `<14>1 2026-11-20T10:22:00Z mx1 - - - JSERVICES_NAT_PORT_BLOCK_${what}: 100.64.0.130 -> 203.0.113.77:2048-3071`,
      port,
      '127.0.0.1',
    )
  say('ALLOC')
  await eventually(async () =>
    (await who('203.0.113.77:3000')).startsWith('bert  certain') ? true : undefined,
  )
  assert.match(await who('203.0.113.77:4000'), /^(?:ambiguous|unknown)/)
  say('RELEASE')
  await eventually(async () =>
    (await who('203.0.113.77:3000')).startsWith('unknown') ? true : undefined,
  )
  socket.close()
})

test('by a file, of which unknown customers are left out', async () => {
  const file =
    'prefix,subscriber,ports\n203.0.113.90,anna,1024-2047\n203.0.113.90,bert,2048-3071\n203.0.113.91,nobody,\n'
  const { output } = await run(
    process.execPath,
    [CLI, 'lease', 'import', '-', '--data', `${served.folder}/data`],
    file,
  )
  assert.match(output, /2 leases are known; 1 left out: their customers are unknown/)
  assert.match(await who('203.0.113.90:1024'), /^anna  certain/)
  assert.match(await who('203.0.113.90:3071'), /^bert  certain/)
  assert.match(await who('203.0.113.90'), /^ambiguous/)
})
