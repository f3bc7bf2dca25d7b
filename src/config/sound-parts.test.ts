import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../model/errors.ts'
import { parseConfig } from './load.ts'

const told = (text: string): readonly string[] => {
  try {
    parseConfig(`hostname: mail.isp.example\ndomains: [isp.example]\n${text}`)
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error.message.split('\n').map(line => line.split('. ')[0] ?? '')
  }
  return []
}

test('two mistakes of one section are told at once, also of one customer', () => {
  const customers = `listeners: [{ kind: inbound, port: 25 }]
subscribers:
  - { id: 10017, logins: [{ name: carl@isp.example }] }
  - { id: a, plan: gold, logins: [{ name: a@isp.example, addresses: [b@isp.example] }] }
  - { id: b, logins: [{ name: b@isp.example }], langauge: de }
  - { id: b, logins: [{ name: x@elsewhere.example }] }
`
  assert.deepEqual(told(customers), [
    'line 5: subscribers #1.id: 10017 is not possible',
    'line 6: subscribers #2.plan: "gold" is not possible',
    'line 6: subscribers #2.logins #1.addresses #1: b@isp.example belongs to subscriber b (login b@isp.example) already',
    'line 7: subscribers #3.langauge: there is no such setting',
    'line 8: subscribers #4.id: there is a subscriber b already',
    'line 8: subscribers #4.logins #1.name: x@elsewhere.example is in none of our domains, so no mail reaches it',
  ])
})

test('what is left out makes no mistake of what is right', () => {
  const listeners = (first: string) => `listeners:
  - { kind: inbound, ${first} }
  - { kind: submission, port: 25, address: 192.0.2.2 }
leases: [{ prefix: 192.0.2.7/32, subscriber: a }]
`
  const wrong = 'subscribers: [{ id: a, plan: gold, logins: [] }]\n'
  assert.deepEqual(told(listeners('port: 25, address: 192.0.2.1.1') + wrong), [
    'line 4: listeners #1.address: "192.0.2.1.1" is not possible',
    'line 7: subscribers #1.plan: "gold" is not possible',
  ])
  assert.deepEqual(told(listeners('port: 25, address: 192.0.2.1, tls: banana') + 'http: 5\n'), [
    'line 4: listeners #1.tls: "banana" is not possible',
    'line 6: leases #1.subscriber: there is no subscriber a',
    'line 7: http: 5 is not possible',
  ])
  assert.deepEqual(told('listeners: 5\nsubscribers: 7\ndomains: 8\n').length > 0, true)
})
