import assert from 'node:assert/strict'
import { test } from 'node:test'
import { smallDns } from '../../../test/support/small-dns.ts'
import { spfChecker } from './spf.ts'
import { nodeResolver } from './node-resolver.ts'

const terms = (count: number) =>
  Array.from({ length: count }, (_, i) => `ip4:10.${i >> 8}.${i & 255}.0/24`).join(' ')

test('a record that is far too long is a permanent error, also one that another includes', async t => {
  const records: Record<string, string> = {
    'long.example': `v=spf1 ${terms(400)} ip4:192.0.2.1 -all`,
    'too-long.example': `v=spf1 ${terms(600)} ip4:192.0.2.1 -all`,
    'includes.example': 'v=spf1 include:too-long.example -all',
  }
  const dns = await smallDns(name => records[name])
  t.after(dns.stop)
  const spf = spfChecker(nodeResolver([dns.server]), () => 0)
  const result = async (domain: string) => {
    const asked = { address: '192.0.2.1', sender: `ann@${domain}`, helo: 'mx.example' }
    return (await spf(asked)).result
  }
  assert.equal(await result('long.example'), 'pass')
  assert.equal(await result('too-long.example'), 'permerror')
  assert.equal(await result('includes.example'), 'permerror')
})
