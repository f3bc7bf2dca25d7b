// Every number of the configuration has a least and a most that its author chose, every text a most; and each says what is allowed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../model/errors.ts'
import { parseConfig } from './load.ts'
import { configSchema } from './schema.ts'

type Def = {
  readonly type: string
  readonly innerType?: Schema
  readonly in?: Schema
  readonly element?: Schema
  readonly items?: readonly Schema[]
  readonly options?: readonly Schema[]
  readonly keyType?: Schema
  readonly valueType?: Schema
  readonly shape?: Readonly<Record<string, Schema>>
}
type Schema = {
  readonly def: Def
  readonly minValue?: number | null
  readonly maxValue?: number | null
  readonly maxLength?: number | null
}

/** Places without bounds. */
function unbounded(schema: Schema, place: string, seen = new Set<Schema>()): string[] {
  if (seen.has(schema)) return []
  seen.add(schema)
  const { def } = schema
  if (def.type === 'number') {
    const { minValue = null, maxValue = null } = schema
    // What whole numbers have by themselves was not chosen.
    const isChosen = (bound: number | null) =>
      bound !== null && Math.abs(bound) < Number.MAX_SAFE_INTEGER
    return isChosen(minValue) && isChosen(maxValue) ? [] : [`${place}: a number without bounds`]
  }
  if (def.type === 'string')
    return (schema.maxLength ?? null) === null ? [`${place}: a text without a most`] : []
  const inner = [def.innerType, def.in, def.element, def.keyType, def.valueType]
  return [
    ...[...inner, ...(def.items ?? []), ...(def.options ?? [])].flatMap(one =>
      one ? unbounded(one, place, seen) : [],
    ),
    ...Object.entries(def.shape ?? {}).flatMap(([key, one]) =>
      unbounded(one, `${place}.${key}`, seen),
    ),
  ]
}

test('every number and every text has bounds', () => {
  assert.deepEqual(unbounded(configSchema as unknown as Schema, ''), [])
})

const LONG = 'x'.repeat(5000)

test('what is out of its range is refused at its line, with what is allowed', () => {
  for (const [text, words] of [
    ['doorThreads: 900', /64/],
    ['routes: { meadow.example: { host: 192.0.2.1, port: 70000 } }', /from 1 to 65535/],
    ['routes: { meadow.example: { host: 192.0.2.1, port: 0 } }', /from 1 to 65535/],
    ['scanners: { timeout: 40d }', /from 100ms to 10m/],
    ['scanners: { timeout: 0s }', /from 100ms to 10m/],
    ['giveUpAfter: 0s', /from 1m to 30d/],
    ['giveUpAfter: 900d', /from 1m to 30d/],
    ['drainFor: 100d', /to 1h/],
    ['subscriberFeed: { csv: a.csv, every: 0s }', /from 1s to 7d/],
    ['leaseHistory: 1s', /from 1h to 3650d/],
    ['radius: { clients: [], interim: 9d }', /to 1d/],
    ['maxRecipients: 1e9', /to 100000/],
    ['maxMessageSize: 1e15', /to 2000000000/],
    ['budgets: { wrongIsolations: 10 }', /at most 1\b/],
    ['strangers: { greetPause: 1h }', /to 1m/],
    ['strangers: { slowLane: { delay: 45m } }', /to 30m/],
    ['access: { entries: [{ match: { asn: [1] }, action: hold, for: 5d }] }', /from 1s to 72h/],
    [`provider: "${LONG}"`, /at most/],
    ['provider: "Us\\nBcc: all@isp.example"', /one line/],
    [`dataFolder: /${LONG.slice(0, 200)}`, /94/],
    [`milter: { socket: /run/${'s'.repeat(110)} }`, /107/],
    [`subscribers: [{ id: "${'1'.repeat(65)}" }]`, /64/],
    ['leases: [{ prefix: 192.0.2.7/24, subscriber: "1" }]', /first address of the prefix/],
    ['leases: [{ prefix: "2001:db8:17::1/56", subscriber: "1" }]', /first address of the prefix/],
    ['leases: [{ prefix: 192.0.2.1, realm: "a b", subscriber: "1" }]', /without spaces/],
    ['quotas: [{ name: a, per: [login], limit: 3, in: 0s }]', /from 1s to 366d/],
    ['resolvers: [ns1.isp.example]', /IP address/],
    ['resolvers: ["192.0.2.1:99999"]', /IP address/],
    ['resolvers: [""]', /IP address/],
  ] as const)
    assert.throws(
      () => parseConfig(`domains: [isp.example]\n${text}\n`),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError, text)
        assert.match(error.message, /^line 2: /, text)
        assert.match(error.message, words, text)
        assert.ok(error.message.length < 600, text)
        return true
      },
      text,
    )
})

test('what is in its range is taken', () => {
  const { resolvers } = parseConfig(
    'resolvers: [192.0.2.53, "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:53"]\ndoorThreads: 64\ndrainFor: 0s\n',
  )
  assert.equal(resolvers.length, 4)
})
