import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imapSchema } from './config-schema.ts'
import { backEndAddress } from '../../gateway/back-end-address.ts'

test('a back end is reached with TLS, or on this machine', () => {
  assert.deepEqual(backEndAddress('imaps://mail.isp.example'), {
    security: 'tls',
    to: { host: 'mail.isp.example', port: 993 },
  })
  assert.deepEqual(backEndAddress('imap+starttls://[2001:db8::1]:1143'), {
    security: 'starttls',
    to: { host: '2001:db8::1', port: 1143 },
  })
  assert.deepEqual(backEndAddress('imap://127.0.0.1:144'), {
    security: 'none',
    to: { host: '127.0.0.1', port: 144 },
  })
  assert.deepEqual(backEndAddress('unix:/run/imap'), {
    security: 'none',
    to: { path: '/run/imap' },
  })
})

test('the configuration takes these, and no other', () => {
  const takes = (backEnd: string) =>
    imapSchema.imap.safeParse({ listeners: [{ port: 0 }], backEnd }).success
  for (const url of [
    'imaps://a.example',
    'imap+starttls://192.0.2.1:143',
    'imaps://[2001:db8::1]',
    'imap://localhost:143',
    'imap://[::1]',
    'unix:/run/imap',
  ])
    assert.ok(takes(url), url)
  for (const url of [
    'imap://a.example',
    'imap://192.0.2.1',
    'https://a.example',
    'unix:imap',
    'imaps://a b',
    'imaps://u@a.example',
    'imap://127.0.0.1.example',
  ])
    assert.ok(!takes(url), url)
})
