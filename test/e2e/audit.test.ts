// `cordon audit` over a small Internet of providers, each with one fault: what the table says of each, and what was said to their servers.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { findingsOf } from '../../src/cli/audit/all-checks.ts'
import { hostSeer } from '../../src/cli/audit/probe/see-host.ts'
import { type AuditRow, shownAudit } from '../../src/cli/audit/shown.ts'
import { parsePrefix, type Prefix } from '../../src/model/ip.ts'
import { type AuditInternet, auditInternet, type FakeProvider } from '../support/audit-internet.ts'

const PROVIDERS: Readonly<Record<string, FakeProvider>> = {
  good: {},
  only465: { ports: { 587: undefined } },
  none: { ports: { 465: undefined, 587: undefined } },
  plain: { ports: { 587: { starttls: 'absent', clearAuth: true } } },
  noauth: { ports: { 587: {} } },
  cleartext: { ports: { 587: { auth: true, clearAuth: true } } },
  auth25: { ports: { 25: { auth: true } } },
  relay: { ports: { 25: { relays: /<relay-test@example\.org>/ } } },
  percent: { ports: { 587: { auth: true, relays: /%example\.org@\[/ } } },
  later: { ports: { 25: { recipient: '450 4.7.1 later' } } },
  stripped: { ports: { 25: { starttls: 'stripped' } } },
  mangled: { ports: { 587: { auth: true, more: ['XXXXXXXA'] } } },
  notls25: { ports: { 25: { starttls: 'absent' } }, zone: { tlsa: undefined } },
  oldtls: { oldTls: true },
  expired: { certificate: 'expired' },
  other: { certificate: 'other' },
  own: { certificate: 'own', zone: { sts: undefined } },
  noname: { zone: { ptr: undefined } },
  nospf: { zone: { spf: undefined } },
  widespf: { zone: { spf: 'widespf.example. 3600 IN TXT "v=spf1 +all"' } },
  nodkim: { zone: { dkim: undefined } },
  revoked: { zone: { dkim: 'selector1._domainkey.revoked.example. 3600 IN TXT "v=DKIM1; p="' } },
  nodmarc: { zone: { dmarc: 'nodmarc.example. 3600 IN TXT "other"' } },
  nosts: { zone: { sts: undefined, tlsa: undefined } },
  wrongsts: { policy: 'version: STSv1\nmode: enforce\nmx: mx.other.example\nmax_age: 604800\n' },
  wrongtlsa: {
    zone: { tlsa: `_25._tcp.mail.wrongtlsa.example. 3600 IN TLSA 3 1 1 ${'ab'.repeat(32)}` },
  },
  srv25: {
    zone: { srv: '_submission._tcp.srv25.example. 3600 IN SRV 0 1 25 mail.srv25.example.' },
  },
  mute: { ports: { 587: { greeting: '' } } },
  refuses: { ports: { 25: { greeting: '554 5.7.1 your address is listed' } } },
  // Would send for anybody, and must not be asked: no token, or one of a domain that the holder of the address does not name.
  notoken: { ports: { 25: { relays: /./ } }, zone: { token: undefined } },
  lent: { ports: { 25: { relays: /./ } }, zone: { ptr: undefined } },
  // Its second exchanger is the open relay of another.
  second: {
    policy:
      'version: STSv1\nmode: enforce\nmx: *.second.example\nmx: *.relay.example\nmax_age: 604800\n',
    zone: {
      mx: 'second.example. 3600 IN MX 10 mail.second.example.\nsecond.example. 3600 IN MX 20 mail.relay.example.',
    },
  },
}

type AuditAsking = {
  readonly ownNetworks?: readonly Prefix[]
  readonly patience?: number
  readonly within?: number
}

let internet: AuditInternet
let rows: readonly AuditRow[]

before(async () => {
  internet = await auditInternet(PROVIDERS)
  rows = await audited(Object.keys(PROVIDERS).map(name => `${name}.example`))
})
after(() => internet?.stop())

async function audited(
  hosts: readonly string[],
  { ownNetworks = [], patience = 10_000, within = 30_000 }: AuditAsking = {},
): Promise<readonly AuditRow[]> {
  const see = hostSeer({
    ourName: 'audit.isp.example',
    resolvers: [internet.resolver],
    selectors: [],
    patience,
    within,
    ownNetworks,
    ports: internet.ports,
    authorities: [internet.authority],
  })
  return Promise.all(
    hosts.map(async name => {
      const record = await see(name)
      const { host, domain, outgoing, inbound } = record
      return { host, domain, outgoing, inbound, findings: findingsOf(record) }
    }),
  )
}

/** What stands in the columns; y: yes. */
const EXPECTED = `
HOST             587 465 AUTH 25  RELAY TLS CERT PTR SPF DKIM DMARC STS DANE SRV
good.example     yes yes yes  yes yes   yes yes  yes yes yes  yes   yes yes  yes
only465.example  ~   yes -    yes yes   yes yes  yes yes yes  yes   yes yes  yes
none.example     NO  NO  -    yes yes   yes yes  yes yes yes  yes   yes yes  yes
plain.example    NO  yes NO   yes yes   yes yes  yes yes yes  yes   yes yes  yes
noauth.example   NO  yes yes  yes yes   yes yes  yes yes yes  yes   yes yes  yes
…eartext.example yes yes NO   yes yes   yes yes  yes yes yes  yes   yes yes  yes
auth25.example   yes yes yes  NO  yes   yes yes  yes yes yes  yes   yes yes  yes
relay.example    yes yes yes  yes NO    yes yes  yes yes yes  yes   yes yes  yes
percent.example  yes yes yes  yes NO    yes yes  yes yes yes  yes   yes yes  yes
later.example    yes yes yes  yes ?     yes yes  yes yes yes  yes   yes yes  yes
stripped.example yes yes yes  yes yes   NO  yes  yes yes yes  yes   yes yes  yes
mangled.example  yes yes yes  yes yes   NO  yes  yes yes yes  yes   yes yes  yes
notls25.example  yes yes yes  yes yes   NO  yes  yes yes yes  yes   yes ~    yes
oldtls.example   yes yes yes  yes yes   NO  yes  yes yes yes  yes   yes yes  yes
expired.example  yes yes yes  yes yes   yes NO   yes yes yes  yes   yes yes  yes
other.example    yes yes yes  yes yes   yes NO   yes yes yes  yes   yes yes  yes
own.example      yes yes yes  yes yes   yes NO   yes yes yes  yes   ~   yes  yes
noname.example   yes yes yes  yes ?     yes yes  NO  yes yes  yes   yes yes  yes
nospf.example    yes yes yes  yes yes   yes yes  yes NO  yes  yes   yes yes  yes
widespf.example  yes yes yes  yes yes   yes yes  yes NO  yes  yes   yes yes  yes
nodkim.example   yes yes yes  yes yes   yes yes  yes yes NO   yes   yes yes  yes
revoked.example  yes yes yes  yes yes   yes yes  yes yes NO   yes   yes yes  yes
nodmarc.example  yes yes yes  yes yes   yes yes  yes yes yes  NO    yes yes  yes
nosts.example    yes yes yes  yes yes   yes yes  yes yes yes  yes   NO  ~    yes
wrongsts.example yes yes yes  yes yes   yes yes  yes yes yes  yes   NO  yes  yes
…ongtlsa.example yes yes yes  yes yes   yes yes  yes yes yes  yes   yes NO   yes
srv25.example    yes yes yes  yes yes   yes yes  yes yes yes  yes   yes yes  NO
mute.example     ?   yes ?    yes ?     ?   ?    yes yes yes  yes   yes yes  yes
refuses.example  yes yes yes  ?   ?     ?   yes  yes yes yes  yes   yes ?    yes
notoken.example  yes yes yes  yes ?     yes yes  yes yes yes  yes   yes yes  yes
lent.example     yes yes yes  yes ?     yes yes  NO  yes yes  yes   yes yes  yes
second.example   yes yes yes  yes NO    yes yes  yes yes yes  yes   yes yes  yes
`

test('the table says of each provider what is wrong with it, and fits the screen', () => {
  const [table = ''] = shownAudit(rows).split('\n\n')
  for (const line of table.split('\n')) assert.ok(line.length <= 80, line)
  assert.equal(`\n${table}\n`, EXPECTED)
})

test('every server is asked over one connection at a time, is sent no message and no password, and is told when we go', () => {
  for (const [name, server] of internet.servers) {
    assert.equal(server.most(), 1, name)
    const heard = server.heard.join('\n')
    assert.doesNotMatch(heard, /\b(?:DATA|BDAT|AUTH|VRFY|EXPN)\b/i, name)
    if (!['mute', 'refuses'].includes(name)) assert.match(heard, /25 QUIT/, name)
  }
})

test('a server is not asked to relay without the token of its domain, nor with one that the name of its address is not in', async () => {
  const relay = (row: AuditRow | undefined) => row?.findings.find(one => one.check === 'relay')
  for (const [name, why] of [
    ['notoken', /_cordon-audit\.notoken\.example\. TXT "relay-test"/],
    ['lent', /127\.0\.25\.\d+ has no name in lent\.example/],
  ] as const) {
    const found = relay(rows.find(({ host }) => host === `${name}.example`))
    assert.equal(found?.state, 'not-asked')
    assert.match(found?.said ?? '', why)
    assert.doesNotMatch(internet.servers.get(name)?.heard.join('\n') ?? '', /MAIL|RCPT/)
  }
  const second = relay(rows.find(({ host }) => host === 'second.example'))
  assert.match(second?.said ?? '', /^mail\.relay\.example: it takes mail of strangers/)
  const own = { ownNetworks: ['127.0.25.0/24'].flatMap(text => parsePrefix(text) ?? []) }
  assert.equal(relay((await audited(['notoken.example'], own))[0])?.state, 'wrong')
})

test('a host has its time and no more, and what was not asked by then is not known', async () => {
  const [row] = await audited(['mute.example'], { within: 2000 })
  const found = row?.findings.find(({ check }) => check === 'submission')
  assert.equal(found?.state, 'unknown')
  assert.match(found?.said ?? '', /no time was left|no answer/)
})
