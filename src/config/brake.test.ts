import assert from 'node:assert/strict'
import { test } from 'node:test'
import { footprintOf, goneBetween, losesEverything, lossesOf } from './brake.ts'
import { ConfigError } from '../model/errors.ts'
import { checkConfig, parseConfig } from './load.ts'

const config = (given: {
  domains?: string[]
  ports?: number[]
  customers?: number
  milter?: true
}) =>
  checkConfig({
    domains: given.domains ?? [],
    listeners: (given.ports ?? []).map(port => ({ kind: 'submission', port })),
    subscribers: Array.from({ length: given.customers ?? 0 }, (_, i) => ({ id: String(i) })),
    ...(given.milter ? { milter: {} } : {}),
  })
type Given = Parameters<typeof config>[0]
const losses = (before: Given, after: Given) => {
  const [old, now] = [config(before), config(after)]
  return lossesOf(footprintOf(old), footprintOf(now), goneBetween(old, now))
}

test('a domain or a way in that is gone is named; more of them is no loss', () => {
  assert.deepEqual(
    losses(
      { domains: ['a.example', 'B.example'], ports: [0, 0, 587], milter: true },
      { domains: ['b.example', 'c.example'], ports: [0, 465] },
    ),
    [
      'the domain a.example is gone',
      'the submission listener on port 0 is gone',
      'the submission listener on port 587 is gone',
      'the milter is gone',
    ],
  )
  assert.deepEqual(losses({ ports: [587] }, { ports: [465, 587], domains: ['a.example'] }), [])
})

test('one customer may go in a small house, one in a hundred in a large one, and never all', () => {
  assert.deepEqual(losses({ customers: 100 }, { customers: 99 }), [])
  assert.deepEqual(losses({ customers: 100 }, { customers: 98 }), [
    '2 of 100 customers are gone (more than 1 at once)',
  ])
  assert.deepEqual(losses({ customers: 5000 }, { customers: 4950 }), [])
  assert.equal(losses({ customers: 5000 }, { customers: 4949 }).length, 1)
  assert.deepEqual(losses({ customers: 18 }, { customers: 0 }), [
    '18 of 18 customers are gone (more than 1 at once)',
  ])
  assert.deepEqual(losses({ customers: 1 }, { customers: 0 }), ['1 of 1 customers are gone'])
})

test('customers who are replaced by as many others are gone all the same', () => {
  const before = checkConfig({
    subscribers: Array.from({ length: 30 }, (_, i) => ({ id: `a${i}` })),
  })
  const after = checkConfig({
    subscribers: Array.from({ length: 30 }, (_, i) => ({ id: `b${i}` })),
  })
  assert.equal(goneBetween(before, after).customers, 30)
})

const WHOLE = `domains: [isp.example]
listeners: [{ kind: inbound, port: 25 }]
firewallLog: { port: 10040, antiSpoofed: true }
nftables:
  - { name: north, consumers: [198.51.100.0/24] }
  - { name: south, consumers: [203.0.113.0/24] }
maxRecipients: 50
routes:
  partner.example: { host: 192.0.2.1 }
  "*": { host: 192.0.2.2 }
forwards:
  info@isp.example: [bob@isp.example]
  jobs@isp.example: [bob@isp.example]
leases:
  - { prefix: 198.51.100.1, subscriber: "1" }
  - { prefix: 198.51.100.2, subscriber: "1" }
  - { prefix: 198.51.100.3, subscriber: "1" }
subscribers:
  - id: "1"
    logins:
      - name: anna@isp.example
mailboxes:
  - bob@isp.example
  - carol@isp.example
`
const between = (before: string, after: string) => {
  const [old, now] = [parseConfig(before), parseConfig(after)]
  const kept = JSON.parse(JSON.stringify(footprintOf(old))) as ReturnType<typeof footprintOf>
  return {
    reload: lossesOf(footprintOf(old), footprintOf(now), goneBetween(old, now)),
    start: lossesOf(kept, footprintOf(now)),
  }
}

test('what was written at the top, a route, a forward, a mailbox or an entry of a list that is gone is told, also at a start', () => {
  for (const [cut, loss] of [
    ['firewallLog: { port: 10040, antiSpoofed: true }\n', 'the setting firewallLog is gone'],
    ['  - { name: south, consumers: [203.0.113.0/24] }\n', '1 of 2 entries of nftables is gone'],
    ['maxRecipients: 50\n', 'the setting maxRecipients is gone'],
    ['  "*": { host: 192.0.2.2 }\n', 'the route of * is gone'],
    ['  jobs@isp.example: [bob@isp.example]\n', '1 of 2 entries of forwards is gone'],
    ['  - carol@isp.example\n', '1 of 2 entries of mailboxes is gone'],
    [/^mailboxes:[^]*/m, 'the setting mailboxes is gone'],
    [
      /^ {2}- \{ prefix: 198.51.100.[23].*\n/gm,
      '2 of 3 entries of leases are gone (more than 1 at once)',
    ],
  ] as const)
    assert.deepEqual(between(WHOLE, WHOLE.replace(cut, '')), { reload: [loss], start: [loss] })
  assert.deepEqual(between(WHOLE, WHOLE.replace(/^ {2}- \{ prefix: 198.51.100.3.*\n/m, '')), {
    reload: [],
    start: [],
  })
})

test('a mailbox that is replaced, and a customer who has no login any more, are told at a reload', () => {
  const replaced = between(WHOLE, WHOLE.replace('carol@', 'dora@'))
  assert.deepEqual(replaced, { reload: ['1 of 2 entries of mailboxes is gone'], start: [] })
  const homeless = between(WHOLE, WHOLE.replace(/ {4}logins:\n.*\n/, ''))
  assert.deepEqual(homeless.reload, ['1 of the customers who stay have no login any more'])
})

test('a file that is cut off at the end of any line is a mistake, or told', () => {
  parseConfig(WHOLE)
  const lines = WHOLE.split('\n').slice(0, -1)
  for (let kept = 0; kept < lines.length; kept++) {
    let after: string[] | undefined
    try {
      const cut = lines.slice(0, kept).join('\n')
      after = [...between(WHOLE, `${cut}\n`).reload]
    } catch (error) {
      assert.ok(error instanceof ConfigError)
    }
    assert.notDeepEqual(after, [], `cut before line ${kept + 1}`)
  }
})

test('more is no loss, and what an older version kept is compared as far as it goes', () => {
  assert.deepEqual(between(WHOLE, `${WHOLE}  - dora@isp.example\nmaxMessageSize: 1000\n`), {
    reload: [],
    start: [],
  })
  const old = { domains: ['isp.example'], waysIn: [], customers: 1 }
  assert.deepEqual(lossesOf(old, footprintOf(parseConfig(WHOLE))), [])
})

test('none of the domains is left, or some', () => {
  const [two, one, other] = [['a.example', 'b.example'], ['b.example'], ['c.example']].map(
    domains => footprintOf(config({ domains })),
  )
  assert.ok(two && one && other)
  assert.equal(losesEverything(two, one), false)
  assert.equal(losesEverything(two, other), true)
  assert.equal(losesEverything(footprintOf(config({})), two), false)
})
