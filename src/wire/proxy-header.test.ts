import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProxyHeader, proxyHeader } from './proxy-header.ts'

test('both versions are read, at every split', () => {
  const source = { address: '203.0.113.7', port: 40112 }
  const destination = { address: '198.51.100.9', port: 25 }
  const v1 = Buffer.from('PROXY TCP4 203.0.113.7 198.51.100.9 40112 25\r\nEHLO x')
  const v2 = Buffer.concat([proxyHeader(source, destination), Buffer.from('EHLO x')])
  for (const bytes of [v1, v2]) {
    const length = bytes.length - 6
    for (let cut = 0; cut < length; cut++)
      assert.equal(parseProxyHeader(bytes.subarray(0, cut)).kind, 'more', `${cut}`)
    assert.deepEqual(parseProxyHeader(bytes), { kind: 'ok', length, source, destination })
  }
})

test('IPv6 survives the journey, also beside IPv4', () => {
  const source = { address: '2001:db8:17::5', port: 1 }
  const destination = { address: '198.51.100.9', port: 25 }
  const read = parseProxyHeader(proxyHeader(source, destination))
  assert.deepEqual(read.kind === 'ok' && [read.source, read.destination], [source, destination])
})

test('what is no header is refused', () => {
  const bad = [
    'EHLO mail.example\r\n',
    'PROXY TCP4 1.2.3.4 5.6.7.8 99999 25\r\n',
    'PROXY TCP4 a b 1 2\r\n',
    `PROXY ${'x'.repeat(200)}`,
  ]
  for (const text of bad) assert.equal(parseProxyHeader(Buffer.from(text)).kind, 'bad', text)
})
