// What every resolver must do, with unbound at the other end: absent is a value, failed is a value, and nothing rejects.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dnsResolver } from '../../src/drivers/lookups/dns-resolver.ts'
import type { Resolver } from '../../src/ports/resolver.ts'
import { type LocalDns, localDns } from '../support/unbound.ts'
import { nodeResolver } from '../../src/drivers/lookups/node-resolver.ts'

let dns: LocalDns
let resolver: Resolver
before(async () => {
  dns = await localDns(
    [
      'mx.example. MX 20 b.mx.example.',
      'mx.example. MX 10 a.mx.example.',
      'a.mx.example. A 192.0.2.1',
      'a.mx.example. AAAA 2001:db8::1',
      'long.example. TXT "one " "record"',
      '7.113.0.203.in-addr.arpa. PTR Host.Example.',
      '2.0.0.127.list.example. A 127.0.0.3',
    ],
    ['silent.example'],
  )
  resolver = dnsResolver(nodeResolver([dns.server]), () => 0)
})
after(() => dns.stop())

test('what is there', async () => {
  assert.deepEqual(await resolver.mx('mx.example'), {
    value: [
      { host: 'a.mx.example', preference: 10 },
      { host: 'b.mx.example', preference: 20 },
    ],
  })
  assert.deepEqual(await resolver.addresses('a.mx.example'), {
    value: ['2001:db8::1', '192.0.2.1'],
  })
  assert.deepEqual(await resolver.names('203.0.113.7'), { value: ['host.example'] })
  assert.deepEqual(await resolver.texts('long.example'), { value: ['one record'] })
  assert.deepEqual(await resolver.listed('2.0.0.127.list.example'), { value: ['127.0.0.3'] })
})

test('what is not there is an empty value', async () => {
  const none = { value: [] }
  assert.deepEqual(await resolver.mx('absent.example'), none)
  assert.deepEqual(await resolver.addresses('absent.example'), none)
  assert.deepEqual(await resolver.texts('mx.example'), none)
  assert.deepEqual(await resolver.listed('9.0.0.127.list.example'), none)
})

test('who does not answer, and what is no name, is a failure that is a value', async () => {
  assert.deepEqual(await resolver.mx('silent.example'), { failed: 'timeout' })
  assert.deepEqual(await resolver.texts(`${'x'.repeat(64)}.example`), { failed: 'bad-name' })
  const nobody = dnsResolver(nodeResolver(['127.0.0.1:9']), () => 0)
  assert.ok('failed' in (await nobody.addresses('a.mx.example')))
})
