import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recipients } from '../../ports/recipients.ts'
import type { DnsAnswer, Resolver } from '../../ports/resolver.ts'
import { mailServers } from './mail-servers.ts'
import { routeOf } from './routes.ts'

const recipients: Recipients = {
  isLocal: domain => domain === 'isp.example',
  isOurs: address => address.endsWith('@isp.example'),
  find: async address => {
    if (address === 'bob@isp.example') return { kind: 'forward', to: ['x@y.example'], keeps: 'bob' }
    return address === 'anna@isp.example' ? { kind: 'mailbox', name: address } : undefined
  },
}

type Zone = {
  mx?: Record<string, readonly [number, string][]>
  a?: Record<string, readonly string[]>
  dead?: readonly string[]
  bad?: readonly string[]
}

/** A DNS that knows exactly this. */
function zone({ mx = {}, a = {}, dead = [], bad = [] }: Zone): Resolver {
  const answer = async <T>(name: string, value: T): Promise<DnsAnswer<T>> => {
    if (bad.includes(name)) return { failed: 'bad-name' }
    return dead.includes(name) ? { failed: 'timeout' } : { value }
  }
  return {
    mx: domain =>
      answer(
        domain,
        (mx[domain] ?? []).map(([preference, host]) => ({ host, preference })),
      ),
    addresses: name => answer(name, a[name] ?? []),
    names: async () => ({ value: [] }),
    texts: async () => ({ value: [] }),
    listed: async () => ({ value: [] }),
  }
}

const unsigned = (resolver: Resolver) =>
  mailServers({ resolver, signed: () => undefined, sts: async () => undefined, port: 25 })

const to = (address: string, resolver: Resolver, routes = {}) =>
  routeOf(address, {
    recipients,
    servers: unsigned(resolver),
    settings: { ourName: 'mail.isp.example', routes },
  })

test('our own mail goes to a mailbox, or nowhere', async () => {
  assert.deepEqual(await to('anna@isp.example', zone({})), {
    kind: 'mailbox',
    destination: 'mailbox anna@isp.example',
    name: 'anna@isp.example',
  })
  const kept = await to('bob@isp.example', zone({}))
  assert.ok(kept.kind === 'mailbox' && kept.name === 'bob')
  const gone = await to('nobody@isp.example', zone({}))
  assert.ok(gone.kind === 'nowhere' && gone.permanent && gone.status === '5.1.1')
})

test('a domain that is called as what objects of JavaScript have has no route of its own', async () => {
  for (const domain of ['constructor', 'tostring', 'valueof', '__proto__']) {
    const resolver = zone({ mx: { [domain]: [[10, 'mx.meadow.example']] } })
    const route = await to(`x@${domain}`, resolver, { '*': { host: 'out.isp.example', port: 25 } })
    assert.ok(route.kind === 'hops' && route.destination === 'out.isp.example:25', domain)
  }
})

test('a route that was written down beats the DNS, and * is for all others', async () => {
  const resolver = zone({
    mx: { 'meadow.example': [[10, 'mx.meadow.example']] },
    a: { 'mx.meadow.example': ['198.51.100.1'] },
  })
  const routes = {
    'copper.example': { host: 'relay', port: 26 },
    '*': { host: 'smart', port: 587 },
  }
  const hop = async (address: string) => {
    const route = await to(address, resolver, routes)
    return route.kind === 'hops' ? route.hops[0]?.host : route.kind
  }
  assert.equal(await hop('x@copper.example'), 'relay')
  assert.equal(await hop('x@meadow.example'), 'smart')
})

test('mail exchangers are tried in order, every address of each', async () => {
  const resolver = zone({
    mx: {
      'meadow.example': [
        [10, 'a.meadow.example'],
        [20, 'b.meadow.example'],
      ],
    },
    a: {
      'a.meadow.example': ['2001:db8::1', '198.51.100.1'],
      'b.meadow.example': ['198.51.100.2'],
    },
  })
  const route = await to('x@meadow.example', resolver)
  assert.ok(route.kind === 'hops')
  assert.deepEqual(
    route.hops.map(hop => hop.host),
    ['2001:db8::1', '198.51.100.1', '198.51.100.2'],
  )
  assert.ok(route.hops.every(hop => hop.port === 25))
})

test('without MX the name itself is the server (RFC 5321 §5.1)', async () => {
  const route = await to('x@meadow.example', zone({ a: { 'meadow.example': ['198.51.100.9'] } }))
  assert.ok(route.kind === 'hops' && route.hops[0]?.host === '198.51.100.9')
})

test('a domain that takes no mail (RFC 7505), one that is not there, and a DNS that is silent', async () => {
  const none = await to('x@meadow.example', zone({ mx: { 'meadow.example': [[0, '']] } }))
  assert.ok(none.kind === 'nowhere' && none.permanent && none.status === '5.1.10')
  const missing = await to('x@nowhere.example', zone({}))
  assert.ok(missing.kind === 'nowhere' && missing.permanent)
  const silent = await to('x@meadow.example', zone({ dead: ['meadow.example'] }))
  assert.ok(
    silent.kind === 'nowhere' && !silent.permanent,
    'what cannot be known now is tried later',
  )
  const half = await to(
    'x@meadow.example',
    zone({ mx: { 'meadow.example': [[10, 'mx.meadow.example']] }, dead: ['mx.meadow.example'] }),
  )
  assert.ok(half.kind === 'nowhere' && !half.permanent)
})

test('a name that is not legal is nowhere, for good; as an exchanger it is passed over', async () => {
  const resolver = zone({
    mx: {
      'meadow.example': [[10, 'm\0x.example']],
      'copper.example': [
        [10, 'm\0x.example'],
        [20, 'mx.example'],
      ],
    },
    a: { 'mx.example': ['198.51.100.1'] },
    bad: ['m\0x.example', 'a..example'],
  })
  const gone = async (address: string) => {
    const route = await to(address, resolver)
    return route.kind === 'nowhere' && route.permanent && route.status
  }
  assert.equal(await gone('ann@a..example'), '5.1.2')
  assert.equal(await gone('ann@meadow.example'), '5.1.2')
  const route = await to('ann@copper.example', resolver)
  assert.ok(route.kind === 'hops' && route.hops[0]?.host === '198.51.100.1')
})

test('where we are one of the exchangers, only those before us are asked (RFC 5321 §5.1)', async () => {
  const among = (ours: number) =>
    to(
      'x@meadow.example',
      zone({
        mx: {
          'meadow.example': [
            [10, 'first.example'],
            [ours, 'MAIL.isp.example'],
            [20, 'second.example'],
            [30, 'third.example'],
          ],
        },
        a: {
          'first.example': ['198.51.100.1'],
          'second.example': ['198.51.100.2'],
          'third.example': ['198.51.100.3'],
          'MAIL.isp.example': ['192.0.2.1'],
        },
      }),
    )
  const route = await among(20)
  assert.ok(route.kind === 'hops')
  assert.deepEqual(
    route.hops.map(hop => hop.host),
    ['198.51.100.1'],
  )
  const best = await among(10)
  assert.ok(best.kind === 'nowhere' && best.permanent && best.status === '5.4.6')
})

test('a mail server beside us keeps mailboxes that are in no list of ours; a store does not', async () => {
  const through = async (protocol: 'smtp' | 'lmtp') => {
    const mailboxStore = { host: '127.0.0.1', port: 25, protocol, tls: 'opportunistic' } as const
    const settings = { ourName: 'mail.isp.example', routes: {}, mailboxStore }
    const route = await routeOf('boss@isp.example', {
      recipients,
      servers: unsigned(zone({})),
      settings,
    })
    return route.kind === 'mailbox' ? [route.name, route.hop?.port] : route.kind
  }
  assert.deepEqual(await through('smtp'), ['boss@isp.example', 25])
  assert.equal(await through('lmtp'), 'nowhere')
})
