import assert from 'node:assert/strict'
import { test } from 'node:test'
import { footprintOf, goneBetween, losesEverything, lossesOf } from './brake.ts'
import { ConfigError } from '../model/errors.ts'
import { checkConfig, parseConfig } from './load.ts'

const config = (given: {
  domains?: string[]
  ports?: number[]
  customers?: number
  /** Their ids begin here. */
  from?: number
  milter?: true
}) =>
  checkConfig({
    domains: given.domains ?? [],
    listeners: (given.ports ?? []).map(port => ({ kind: 'submission', port })),
    subscribers: Array.from({ length: given.customers ?? 0 }, (_, i) => ({
      id: String(i + (given.from ?? 0)),
    })),
    ...(given.milter ? { milter: {} } : {}),
  })
type Settings = Parameters<typeof config>[0]
const losses = (before: Settings, after: Settings) => {
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
  /** The first ones go. */
  const go = (all: number, gone: number) =>
    losses({ customers: all }, { customers: all - gone, from: gone })
  assert.deepEqual(go(100, 1), [])
  assert.deepEqual(go(100, 2), ['2 of 100 customers are gone (more than 1 at once)'])
  assert.deepEqual(go(5000, 50), [])
  assert.equal(go(5000, 51).length, 1)
  assert.deepEqual(go(18, 18), ['18 of 18 customers are gone (more than 1 at once)'])
  assert.deepEqual(go(1, 1), ['1 of 1 customers are gone'])
})

test('what is lost from the end of the file alone was cut off, also below one in a hundred', () => {
  const [lost] = losses({ customers: 5000 }, { customers: 4998 })
  assert.equal(
    lost,
    'the last 2 entries of the file, behind those of subscribers that are left, are gone: it may have been cut off',
  )
  assert.deepEqual(losses({ customers: 5000 }, { customers: 4999 }), [])
  // Something else is different before it: an operator has edited the file.
  assert.deepEqual(losses({ customers: 5000 }, { customers: 4998, from: 1 }), [])
  const kept = JSON.parse(JSON.stringify(footprintOf(config({ customers: 5000 }))))
  assert.equal(lossesOf(kept, footprintOf(config({ customers: 4990 }))).length, 1)
  assert.deepEqual(lossesOf(kept, footprintOf(config({ customers: 4990, from: 10 }))), [])
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
  info@isp.example: [bob@meadow.example]
  jobs@isp.example: [bob@meadow.example]
  help@isp.example: [bob@meadow.example]
leases:
  - { prefix: 198.51.100.1, subscriber: "1" }
  - { prefix: 198.51.100.2, subscriber: "1" }
  - { prefix: 198.51.100.3, subscriber: "1" }
subscribers:
  - id: "1"
    logins:
      - name: anna@isp.example
  - id: "2"
    logins:
      - name: bert@isp.example
      - name: berta@isp.example
  - id: "3"
mailboxes:
  - bob@isp.example
  - carol@isp.example
  - dora@isp.example
`
const between = (before: string, after: string) => {
  const [old, now] = [parseConfig(before), parseConfig(after)]
  const kept = JSON.parse(JSON.stringify(footprintOf(old))) as ReturnType<typeof footprintOf>
  return {
    reload: lossesOf(footprintOf(old), footprintOf(now), goneBetween(old, now)),
    start: lossesOf(kept, footprintOf(now)),
  }
}

test('a section, a route, a router and many entries of a list at once need a reason, also at a start', () => {
  for (const [cut, loss] of [
    ['firewallLog: { port: 10040, antiSpoofed: true }\n', 'the setting firewallLog is gone'],
    ['  - { name: south, consumers: [203.0.113.0/24] }\n', '1 of 2 entries of nftables is gone'],
    ['  "*": { host: 192.0.2.2 }\n', 'the route of * is gone'],
    [/^mailboxes:[^]*/m, 'the setting mailboxes is gone'],
    [
      /^ {2}- \{ prefix: 198.51.100.[23].*\n/gm,
      '2 of 3 entries of leases are gone (more than 1 at once)',
    ],
    [/^ {2}(?:info|jobs)@.*\n/gm, '2 of 3 entries of forwards are gone (more than 1 at once)'],
    [/^ {2}- (?:bob|carol)@.*\n/gm, '2 of 3 entries of mailboxes are gone (more than 1 at once)'],
  ] as const)
    assert.deepEqual(between(WHOLE, WHOLE.replace(cut, '')), { reload: [loss], start: [loss] })
})

test('one mailbox, forward, lease, customer, login or single value goes without a reason', () => {
  for (const cut of [
    '  jobs@isp.example: [bob@meadow.example]\n',
    '  - bob@isp.example\n',
    '  - dora@isp.example\n',
    'maxRecipients: 50\n',
    /^ {2}- \{ prefix: 198.51.100.3.*\n/m,
    / {2}- id: "2"\n.*\n.*\n.*\n/,
    / {4}logins:\n {6}- name: anna@.*\n/,
  ]) {
    const after = WHOLE.replace(cut, '')
    assert.notEqual(after, WHOLE)
    assert.deepEqual(between(WHOLE, after), { reload: [], start: [] }, String(cut))
  }
  assert.deepEqual(between(WHOLE, WHOLE.replace('carol@', 'emma@')), { reload: [], start: [] })
})

test('a customer goes with all their leases', () => {
  const leases = (...of: readonly number[]) =>
    of.flatMap(id => [
      { prefix: `192.0.2.${id}`, subscriber: String(id) },
      { prefix: `2001:db8:${id}::/56`, subscriber: String(id) },
    ])
  const house = (ids: readonly number[], leased = ids) =>
    checkConfig({
      subscribers: ids.map(id => ({ id: String(id) })),
      leases: leases(...leased),
      maxRecipients: 5,
    })
  const [whole, less] = [house([1, 2, 3, 4]), house([1, 3, 4])]
  assert.deepEqual(lossesOf(footprintOf(whole), footprintOf(less), goneBetween(whole, less)), [])
  assert.deepEqual(lossesOf(footprintOf(whole), footprintOf(less)), [])
  const silent = house([1, 2, 3, 4], [1, 3, 4])
  const lost = ['2 of 8 entries of leases are gone (more than 1 at once)']
  assert.deepEqual(
    lossesOf(footprintOf(whole), footprintOf(silent), goneBetween(whole, silent)),
    lost,
  )
  assert.deepEqual(lossesOf(footprintOf(whole), footprintOf(silent)), lost)
})

test('two logins of customers who stay need a reason at a reload', () => {
  const homeless = between(WHOLE, WHOLE.replace(/ {4}logins:\n.*bert@.*\n.*\n/, ''))
  assert.deepEqual(homeless.reload, [
    '2 logins of customers who stay are gone (more than 1 at once)',
  ])
})

test('a file that is cut off at the end of any line is a mistake, or told, unless only its last entry is gone', () => {
  parseConfig(WHOLE)
  const lines = WHOLE.split('\n').slice(0, -1)
  for (let kept = 0; kept < lines.length - 1; kept++) {
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
  assert.deepEqual(between(WHOLE, `${WHOLE}  - emma@isp.example\nmaxMessageSize: 1000\n`), {
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
