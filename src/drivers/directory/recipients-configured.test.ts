import assert from 'node:assert/strict'
import { test } from 'node:test'
import { customer } from '../../../test/support/small-cordon.ts'
import { configuredRecipients } from './recipients-configured.ts'
import { memorySubscribers } from './subscribers-memory.ts'

const recipients = (forwards: Readonly<Record<string, readonly string[]>> = {}) =>
  configuredRecipients(
    {
      domains: ['isp.example'],
      forwards,
      mailboxes: ['info@isp.example'],
      hostname: 'mail.isp.example',
      recipientDelimiter: '+',
    },
    memorySubscribers([customer('anna')]),
  )

test('who answers a letter of ours reaches a mailbox', async () => {
  for (const name of ['abuse-desk', 'abuse', 'postmaster'])
    assert.deepEqual(await recipients().find(`${name}@isp.example`), {
      kind: 'mailbox',
      name: `${name}@isp.example`,
    })
  assert.equal(await recipients().find('desk@isp.example'), undefined)
})
