// One good order of every kind, and what is wrong with others: played at every way in.

import type { Owner } from '../../src/model/order.ts'
import { CONTRACTS, type OrderKind } from '../../src/orders/contract/orders.ts'

const LEASE = { realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }
const CUSTOMER = {
  id: 'anna',
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: ['anna@isp.example'],
  logins: [{ name: 'anna@isp.example', addresses: ['anna@isp.example'] }],
}

/** Fields beside the kind. */
export const GOOD: Readonly<Record<OrderKind, Readonly<Record<string, unknown>>>> = {
  release: { incident: 'i1' },
  impose: { subject: 'line:anna', decision: 'isolate', hours: 48, why: 'a test' },
  'change-password': { login: 'anna@isp.example', password: 'a good password' },
  'add-app-password': { login: 'anna@isp.example', label: 'telephone', scopes: ['send'] },
  'remove-app-password': { id: 'p1' },
  'release-message': { message: 'm1' },
  'purge-message': { message: 'm1' },
  'purge-evidence': { of: { login: 'anna@isp.example' }, minNats: 2 },
  'answer-question': { subject: 'line:anna', answer: 'was-me', factor: '123456' },
  'announce-mailing': { subject: 'line:anna', recipients: 400, hours: 5, factor: '123456' },
  'open-window': { subject: 'line:anna', recipients: 400, hours: 48, why: 'a test' },
  'flush-queue': {},
  'begin-factor': {},
  'confirm-factor': { factor: '123 456' },
  'remove-factor': { subscriber: 'anna' },
  'ask-opt-out': {
    optOut: 'own-server',
    destinations: [],
    serverName: 'mail.anna.example',
    factor: '123456',
  },
  'confirm-opt-out': { id: 'o1', proof: 'ABCD-EFGH' },
  'renew-opt-out': { id: 'o1', factor: '123456' },
  'end-opt-out': { id: 'o1' },
  'reverse-dns-set': { id: 'o1' },
  'open-lease': { lease: LEASE },
  'close-lease': { lease: { ...LEASE, ports: [1024, 2047], to: 5 } },
  'import-leases': { leases: [LEASE] },
  'import-reports': { reports: ['eyJhIjoxfQ=='], reporter: 'other.example' },
  'dismiss-report': { id: 'm1' },
  'import-accounts': { accounts: ['anna@isp.example', 'ann@far.example'] },
  'announce-rollout': { part: 'north' },
  'start-rollout': { part: 'north', despite: 'the winter' },
  'rollback-rollout': { part: 'north' },
  'flush-driver': { driver: 'router' },
  'fill-driver': { driver: 'router' },
  'rotate-dkim': {},
  'take-feed': { subscribers: [CUSTOMER], keep: ['bert'], dryRun: true, despite: 'a test' },
}

export type BadOrder = {
  readonly kind: OrderKind
  readonly fields: unknown
  /** What the sentence must name; without it the whole is no object. */
  readonly field: string | undefined
}

/** Nothing of this fits anywhere: no object, no text of one line, no number in any bounds. */
const NOWHERE: readonly unknown[] = [null, {}, -5, 1e300, '\u0000', 'x'.repeat(100_000), [[]]]

const SPECIAL: readonly (readonly [OrderKind, object, string])[] = [
  ...['abc', 'many', -5, 0, 0.01, 1e9, 721, '48', null].map(
    hours => ['impose', { hours }, 'hours'] as const,
  ),
  ['impose', { decision: 'banana' }, 'decision'],
  ['impose', { decision: 'hold', hours: 121 }, 'hours'],
  ['impose', { decision: 'suspend', hours: 2161 }, 'hours'],
  ['impose', { subject: 'anna' }, 'subject'],
  ['impose', { subject: 'line:' }, 'subject'],
  ['impose', { why: ' ' }, 'why'],
  ['impose', { why: 'two\nlines' }, 'why'],
  ['release', { incident: '' }, 'incident'],
  ['change-password', { password: 'short' }, 'password'],
  ['add-app-password', { scopes: [] }, 'scopes'],
  ['add-app-password', { scopes: ['send', 'everything'] }, 'scopes[1]'],
  ['purge-evidence', { minNats: 0 }, 'minNats'],
  ['release', { held: 'keep' }, 'held'],
  ['purge-evidence', { of: {} }, 'of'],
  ['purge-evidence', { of: { login: '' } }, 'of'],
  ['purge-evidence', { of: { login: 'anna@isp.example', subscriber: 'bert' } }, 'of'],
  ['ask-opt-out', { optOut: 'everything' }, 'optOut'],
  ['open-lease', { lease: { ...LEASE, prefix: 'here' } }, 'lease.prefix'],
  ['open-lease', { lease: { ...LEASE, ports: [9, 1] } }, 'lease.ports'],
  ['open-lease', { lease: { ...LEASE, ports: [0, 70_000] } }, 'lease.ports[1]'],
  ['open-lease', { lease: { ...LEASE, from: 5, to: 4 } }, 'lease.to'],
  ['open-lease', { lease: { ...LEASE, until: 5 } }, 'lease.until'],
  ['import-leases', { leases: [LEASE, { ...LEASE, from: '0' }] }, 'leases[1].from'],
  ['import-leases', { leases: Array.from({ length: 5001 }, () => LEASE) }, 'leases'],
  ['take-feed', { subscribers: [{ ...CUSTOMER, plan: 'gold' }] }, 'subscribers[0].plan'],
]

/** Every field of every order missing and as something else, one too many, no object; and what is special to some. */
export function badOrders(): readonly BadOrder[] {
  const all: BadOrder[] = SPECIAL.map(([kind, wrong, field]) => ({
    kind,
    fields: { ...GOOD[kind], ...wrong },
    field,
  }))
  for (const { kind, fields: schema } of CONTRACTS) {
    const good = GOOD[kind]
    for (const fields of [null, 5, 'x', []]) all.push({ kind, fields, field: undefined })
    all.push({ kind, fields: { ...good, banana: 1 }, field: 'banana' })
    // In brackets it is a field of its own, as JSON.parse makes it.
    for (const name of ['__proto__', 'constructor', 'toString', '__proto__x'])
      all.push({ kind, fields: { ...good, [name]: 1 }, field: name })
    for (const field of Object.keys(schema.shape)) {
      const { [field]: _gone, ...rest } = good
      const isOptional = OPTIONAL.has(field) || OPTIONAL.has(`${kind}.${field}`)
      if (!isOptional) all.push({ kind, fields: rest, field })
      for (const value of NOWHERE) all.push({ kind, fields: { ...good, [field]: value }, field })
    }
  }
  return all
}

/** In all orders, or in one. */
const OPTIONAL = new Set([
  'reporter',
  'serverName',
  'despite',
  'dryRun',
  'force',
  'letter',
  'held',
  'minNats',
  'impose.hours',
  'announce-mailing.hours',
  'announce-mailing.factor',
  'answer-question.factor',
  'release-message.factor',
  'release.factor',
])

export const OWNER: Owner = {
  kind: 'owner',
  subscriber: 'anna',
  from: { realm: 'main', address: '203.0.113.7', port: 40_000 },
}
