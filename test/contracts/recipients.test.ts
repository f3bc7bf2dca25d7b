// What every table of recipients must do.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configuredRecipients } from '../../src/drivers/directory/recipients-configured.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'

const recipients = configuredRecipients(
  {
    domains: ['ISP.example'],
    forwards: { 'Sales@isp.example': ['a@far.example', 'b@far.example'] },
    mailboxes: ['sink@isp.example'],
    hostname: 'mail.isp.example',
    recipientDelimiter: '+',
  },
  memorySubscribers([
    {
      id: 'anna',
      plan: 'consumer',
      flags: [],
      language: 'en',
      contacts: [],
      logins: [{ name: 'anna@isp.example', addresses: ['anna@isp.example', 'a@isp.example'] }],
    },
  ]),
)

test('which domains end here', () => {
  assert.equal(recipients.isLocal('isp.example'), true)
  assert.equal(recipients.isLocal('sub.isp.example'), false)
  assert.equal(recipients.isLocal('far.example'), false)
})

for (const [address, found] of [
  ['anna@isp.example', { kind: 'mailbox', name: 'anna@isp.example' }],
  ['A@ISP.example', { kind: 'mailbox', name: 'anna@isp.example' }],
  ['sales@isp.example', { kind: 'forward', to: ['a@far.example', 'b@far.example'] }],
  ['abuse@isp.example', { kind: 'mailbox', name: 'abuse@isp.example' }],
  ['postmaster@isp.example', { kind: 'mailbox', name: 'postmaster@isp.example' }],
  ['sink+x@isp.example', { kind: 'mailbox', name: 'sink@isp.example' }],
  ['anna+x@isp.example', { kind: 'mailbox', name: 'anna@isp.example' }],
  ['sales+x@isp.example', { kind: 'forward', to: ['a@far.example', 'b@far.example'] }],
  ['"a"@isp.example.', { kind: 'mailbox', name: 'anna@isp.example' }],
  ['postmaster@mail.isp.example', { kind: 'mailbox', name: 'postmaster@mail.isp.example' }],
  ['nobody@isp.example', undefined],
  ['', undefined],
] as const)
  test(`${address === '' ? 'nothing' : address}: ${found?.kind ?? 'there is no such recipient'}`, async () => {
    assert.deepEqual(await recipients.find(address), found)
  })
