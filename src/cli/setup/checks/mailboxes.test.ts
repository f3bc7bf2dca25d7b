import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../config/load.ts'
import { mailboxesChecked } from './mailboxes.ts'

const INBOUND = 'domains: [isp.example]\nlisteners: [{ kind: inbound, port: 25 }]\n'
const stateOf = (text: string) => mailboxesChecked(parseConfig(text)).map(one => one.state)

test('a mail server without a mailbox refuses all mail, and that is said first', () => {
  assert.deepEqual(stateOf(INBOUND), ['missing'])
  const anna = "subscribers: [{ id: '1', plan: consumer, logins: [{ name: anna@isp.example }] }]"
  assert.deepEqual(stateOf(`${INBOUND}${anna}\n`), ['good'])
  assert.deepEqual(stateOf('domains: [isp.example]\nmilter: { port: 10032 }\n'), [])
})
