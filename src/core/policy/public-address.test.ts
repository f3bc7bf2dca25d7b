import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublic } from './public-address.ts'

test('the edges of what is ours (RFC 6890)', () => {
  const ours =
    '0.0.0.0 127.0.0.1 127.255.255.255 10.0.0.0 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 100.127.255.1 169.254.1.1 ::1 fe80::1 fc00::1 fd12::1'
  const others =
    '126.0.0.1 128.0.0.1 9.255.255.255 11.0.0.1 172.15.0.1 172.32.0.1 192.167.0.1 192.169.0.1 100.63.0.1 100.128.0.1 169.253.1.1 203.0.113.7 ::2 fe00::1 2001:db8::1'
  for (const address of ours.split(' ')) assert.equal(isPublic(address), false, address)
  for (const address of others.split(' ')) assert.equal(isPublic(address), true, address)
  assert.equal(isPublic('nonsense'), false)
})
