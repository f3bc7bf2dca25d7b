import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differenceOf } from './difference.ts'
import { checkConfig } from './load.ts'

const told = (before: object, after: object) =>
  differenceOf(checkConfig(before), checkConfig(after)).map(one => one.text)

test('scalars are shown as they were and as they are, durations as they are written', () => {
  assert.deepEqual(
    told(
      { hostname: 'a.example', drainFor: '90s', strangers: { greylist: { delay: '5m' } } },
      {
        hostname: 'b.example',
        drainFor: '2m',
        strangers: { greylist: { delay: '1h' } },
        doorThreads: 2,
      },
    ).toSorted(),
    [
      'doorThreads: 0 → 2',
      'drainFor: 90s → 2m',
      'hostname: a.example → b.example',
      'strangers.greylist.delay: 5m → 1h',
    ],
  )
})

test('lists are told by what came and went', () => {
  const listener = (kind: string, port: number, more = {}) => ({ kind, port, ...more })
  assert.deepEqual(
    told(
      {
        domains: ['a.example', 'b.example'],
        listeners: [listener('submission', 587), listener('inbound', 25)],
      },
      {
        domains: ['a.example', 'c.example'],
        listeners: [listener('submission', 587, { tls: 'implicit' }), listener('inbound', 2525)],
      },
    ),
    [
      'domains: + c.example; − b.example',
      'listeners: + inbound 127.0.0.1 port 2525; − inbound 127.0.0.1 port 25; changed submission 127.0.0.1 port 587',
    ],
  )
  const zones = Array.from({ length: 8 }, (_, i) => `d${i}.example`)
  assert.deepEqual(told({}, { domains: zones }), [
    'domains: + d0.example, d1.example, d2.example, d3.example, d4.example and 3 more',
  ])
  assert.deepEqual(
    told({ resolvers: ['192.0.2.1', '192.0.2.2'] }, { resolvers: ['192.0.2.2', '192.0.2.1'] }),
    ['resolvers: in another order'],
  )
})

test('customers and addresses are counts', () => {
  const one = (id: string, plan = 'consumer') => ({ id, plan })
  assert.deepEqual(
    told(
      {
        domains: ['isp.example'],
        subscribers: [one('1'), one('2'), one('3')],
        leases: [{ prefix: '192.0.2.7', subscriber: '1' }],
        mailboxes: ['abuse@isp.example'],
        forwards: { 'a@isp.example': ['b@meadow.example'] },
        strangers: { bounceControl: { exempt: ['list@isp.example'] } },
      },
      {
        domains: ['isp.example'],
        subscribers: [one('2', 'expert'), one('3'), one('4'), one('5')],
        leases: [{ prefix: '192.0.2.7', subscriber: '2' }],
        forwards: { 'a@isp.example': ['c@meadow.example'] },
      },
    ).toSorted(),
    [
      'forwards: +0 −0, 1 changed',
      'leases: +1 −1 (an address that an access server has given out anew stays given)',
      'mailboxes: +0 −1',
      'strangers.bounceControl.exempt: +0 −1',
      'subscribers: +2 −1, 1 changed (customers of whom a feed or an import told, too, stay)',
    ],
  )
})

/** In every place that is secret, and in some that may hold one. */
const secrets = (s: string) => ({
  routes: { '*': { host: 'smarthost.example', user: 'isp', password: s } },
  mailboxStore: { host: '127.0.0.1', user: 'x', password: s },
  passwords: {
    ldap: { url: 'ldaps://a.example', search: { base: 'dc=x', bindDn: 'cn=x', password: s } },
    hook: { url: `https://user:${s}@oss.example/?token=${s}` },
  },
  subscriberFeed: { http: { url: `https://oss.example/${s}`, authorization: `Bearer ${s}` } },
  optOut: { hook: { url: `https://oss.example/${s}`, secret: `${s}0123456789abcdef` } },
  webhooks: [{ url: `https://oss.example/${s}`, secret: `${s}0123456789abcdef` }],
  radius: { clients: [{ address: '192.0.2.1', secret: s }] },
  radiusCoa: [{ servers: [{ nas: 'a', address: '192.0.2.1', secret: s }] }],
  subscribers: [
    {
      id: '1',
      portalPasswordHash: `argon2id$8$1$${s.padEnd(16, 'A')}$${'A'.repeat(43)}=`,
      logins: [
        {
          name: 'a@isp.example',
          passwordHash: `argon2id$8$1$${s.padEnd(16, 'A')}$${'A'.repeat(43)}=`,
        },
      ],
    },
  ],
})

test('secrets are never shown, whether they come, change or go', () => {
  for (const [before, after] of [
    [secrets('TOPSECRETA'), secrets('TOPSECRETB')],
    [{}, secrets('TOPSECRETA')],
    [secrets('TOPSECRETA'), {}],
  ] as const) {
    const lines = told(before, after)
    assert.ok(lines.length >= 9, lines.join('\n'))
    assert.doesNotMatch(lines.join('\n'), /TOPSECRET/)
  }
  assert.ok(
    told(secrets('TOPSECRETA'), secrets('TOPSECRETB')).includes(
      'passwords.ldap.search.password: changed (secret)',
    ),
  )
})

test('nothing is told of what is the same', () => {
  assert.deepEqual(told(secrets('x'), secrets('x')), [])
})
