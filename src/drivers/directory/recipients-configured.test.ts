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

test('a forward that names itself keeps a copy, in whatever spelling', async () => {
  const { find } = recipients({
    'Anna@isp.example': ['keep@meadow.example', 'ANNA@isp.example'],
    'desk@isp.example': ['desk@isp.example', 'info@isp.example'],
    'away@isp.example': ['keep@meadow.example'],
  })
  const kept = { kind: 'forward', to: ['keep@meadow.example'], keeps: 'anna@isp.example' }
  for (const spelling of ['anna@isp.example', 'ANNA@isp.example', 'anna+shop@isp.example'])
    assert.deepEqual(await find(spelling), kept, spelling)
  const desk = { kind: 'forward', to: ['info@isp.example'], keeps: 'desk@isp.example' }
  assert.deepEqual(await find('desk@isp.example'), desk)
  const away = { kind: 'forward', to: ['keep@meadow.example'] }
  assert.deepEqual(await find('away@isp.example'), away)
})

test('the roles of the machine itself are ours, in whatever spelling, and nothing else there is', async () => {
  const { find, isOurs } = recipients()
  for (const role of ['postmaster', 'Abuse', '"postmaster"', 'abuse-desk']) {
    assert.equal(isOurs(`${role}@mail.isp.example`), true, role)
    assert.equal((await find(`${role}@MAIL.isp.example`))?.kind, 'mailbox', role)
  }
  for (const address of ['anna@mail.isp.example', 'abuse@other.example'])
    assert.equal(isOurs(address), false, address)
})
