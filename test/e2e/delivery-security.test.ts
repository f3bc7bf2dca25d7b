// Delivery where a domain asks for TLS, by DANE or by MTA-STS: the real program and a real Postfix (`dane`, and the same policies by hand) side by side in one
// small Internet with a signed DNS, each mail to each domain. Their verdicts are the same, or it is said why not.

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { asRoot } from '../support/as-root.ts'
import { postfix } from '../support/postfix.ts'
import { cordon, eventually, type Served, serve, startServer } from '../support/serve.ts'
import { tlsReportsIn } from '../support/tls-reports.ts'
import { ofKey, type TlsTown, tlsTown, type TownDomain } from '../support/tls-town.ts'

type Case = TownDomain & {
  /** What becomes of mail: taken in TLS or in clear, or it waits, and why. */
  readonly is: 'TLS' | 'clear' | RegExp
  /** Of Postfix, where it is another. */
  readonly there?: 'TLS' | 'waits'
  /** What stands in Postfix's policy table in the place of MTA-STS. */
  readonly table?: string
}

const policy = (mode: string, mx: string) =>
  `version: STSv1\nmode: ${mode}\nmx: ${mx}\nmax_age: 604800\n`
const enforced = (name: string) => ({
  sts: policy('enforce', `mail.${name}.example`),
  table: `secure match=mail.${name}.example servername=hostname`,
})
const WRONG = `TLSA 3 1 1 ${'ab'.repeat(32)}`
const inFull = (pem: string) => new X509Certificate(pem).raw.toString('hex')

const CASES: Readonly<Record<string, Case>> = {
  'none.example': { is: 'TLS' },
  'clear.example': { clear: true, is: 'clear' },

  'ee.example': { tlsa: pki => [ofKey(3, pki.own.cert)], is: 'TLS' },
  'ee-expired.example': {
    certificate: 'expired',
    tlsa: pki => [ofKey(3, pki.expired.cert)],
    is: 'TLS',
  },
  'ee-other-name.example': {
    certificate: 'other',
    tlsa: pki => [ofKey(3, pki.other.cert)],
    is: 'TLS',
  },
  'ee-wrong.example': { certificate: 'trusted', tlsa: () => [WRONG], is: /DANE.*no TLSA record/ },
  'ee-rolled.example': { tlsa: pki => [WRONG, ofKey(3, pki.own.cert)], is: 'TLS' },
  'ee-stronger.example': {
    tlsa: pki => [`TLSA 3 1 2 ${'ab'.repeat(64)}`, ofKey(3, pki.own.cert)],
    is: /DANE.*no TLSA record/,
  },
  'ee-clear.example': { clear: true, tlsa: pki => [ofKey(3, pki.own.cert)], is: /DANE/ },
  'ta.example': {
    certificate: 'below',
    tlsa: pki => [ofKey(2, pki.between)],
    is: 'TLS',
  },
  'ta-in-full.example': {
    certificate: 'trusted',
    tlsa: pki => [`TLSA 2 0 0 ${inFull(pki.authority)}`],
    is: 'TLS',
  },
  'ta-not-sent.example': {
    certificate: 'trusted',
    tlsa: pki => [ofKey(2, pki.authority)],
    is: /DANE.*no TLSA record/,
  },
  'ta-other-name.example': {
    certificate: 'other',
    tlsa: pki => [`TLSA 2 0 0 ${inFull(pki.authority)}`],
    is: /DANE.*no TLSA record/,
  },
  'ta-expired.example': {
    certificate: 'expired',
    tlsa: pki => [`TLSA 2 0 0 ${inFull(pki.authority)}`],
    is: /DANE.*no TLSA record/,
  },
  'ta-of-itself.example': {
    tlsa: pki => [ofKey(2, pki.own.cert)],
    is: /DANE.*no TLSA record/,
  },
  'unusable.example': { tlsa: pki => [ofKey(1, pki.own.cert)], is: 'TLS' },
  'unusable-clear.example': {
    clear: true,
    tlsa: pki => [ofKey(1, pki.own.cert)],
    is: /TLSA records .* not used/,
  },
  'second.example': {
    tlsa: () => [WRONG],
    zone: address => [
      'second.example. 3600 IN MX 10 mail.second.example.',
      'second.example. 3600 IN MX 20 mail.ee.example.',
      `mail.second.example. 3600 IN A ${address}`,
    ],
    is: 'TLS',
  },
  'bare.example': {
    zone: address => [
      `bare.example. 3600 IN A ${address}`,
      `_25._tcp.bare.example. 3600 IN ${WRONG}`,
    ],
    is: /DANE.*no TLSA record/,
  },
  'alias.example': {
    zone: () => [
      'alias.example. 3600 IN MX 10 mail.alias.example.',
      'mail.alias.example. 3600 IN CNAME mail.ee-wrong.example.',
    ],
    is: /DANE.*TLSA of mail\.ee-wrong/,
  },
  // The record is behind an alias into a zone that no chain leads to.
  'no-answer.example': {
    zone: address => [
      'no-answer.example. 3600 IN MX 10 mail.no-answer.example.',
      `mail.no-answer.example. 3600 IN A ${address}`,
      '_25._tcp.mail.no-answer.example. 3600 IN CNAME x.bogus.example.',
    ],
    is: /DNS does not answer for the TLSA record/,
  },
  'forged.bogus.example': { is: /DNS does not answer/ },
  'plain.unsigned.example': { tlsa: () => [WRONG], is: 'TLS' },
  // Whose MX is not signed may be sent elsewhere by a forger: what is known of the server that it names proves nothing. Postfix asks all the same.
  'mx.unsigned.example': {
    zone: () => ['mx.unsigned.example. 3600 IN MX 10 mail.ee-wrong.example.'],
    is: 'TLS',
    there: 'waits',
  },

  'sts.example': { certificate: 'trusted', ...enforced('sts'), is: 'TLS' },
  'sts-expired.example': {
    certificate: 'expired',
    ...enforced('sts-expired'),
    is: /MTA-STS.*expired/,
  },
  'sts-other-name.example': {
    certificate: 'other',
    ...enforced('sts-other-name'),
    is: /MTA-STS.*altnames/,
  },
  'sts-own.example': { ...enforced('sts-own'), is: /MTA-STS.*self-signed/ },
  'sts-clear.example': { clear: true, ...enforced('sts-clear'), is: /MTA-STS/ },
  'sts-mx.example': {
    certificate: 'trusted',
    sts: policy('enforce', 'mx.sts-mx.example'),
    table: 'secure match=mx.sts-mx.example',
    is: /MTA-STS of sts-mx\.example does not name/,
  },
  'sts-star.example': {
    certificate: 'trusted',
    sts: policy('enforce', '*.sts-star.example'),
    table: 'secure match=mail.sts-star.example',
    is: 'TLS',
  },
  'sts-testing.example': { sts: policy('testing', 'mx.other.example'), is: 'TLS' },
  'sts-none.example': { sts: policy('none', 'mx.other.example'), is: 'TLS' },
  'sts-gone.example': { sts: { status: 404, type: 'text/plain', text: '' }, is: 'TLS' },
  'sts-page.example': {
    sts: { status: 200, type: 'text/html', text: policy('enforce', 'mx.other.example') },
    is: 'TLS',
  },
  'sts-moved.example': {
    sts: {
      status: 302,
      type: 'text/plain',
      text: policy('enforce', 'mx.other.example'),
      location: 'https://mta-sts.sts-mx.example/.well-known/mta-sts.txt',
    },
    is: 'TLS',
  },
  // DANE is first, whatever it says.
  'both-wrong.example': {
    certificate: 'trusted',
    tlsa: () => [WRONG],
    sts: policy('enforce', 'mail.both-wrong.example'),
    is: /DANE/,
  },
  'both-own.example': {
    tlsa: pki => [ofKey(3, pki.own.cert)],
    sts: policy('enforce', 'mail.both-own.example'),
    is: 'TLS',
  },
}
const NAMES = Object.keys(CASES)
const ANNA = 'anna@isp.example'
const PETER = 'peter@postfix.example'

const underCordon = () => [...town.under, 'env', `NODE_EXTRA_CA_CERTS=${town.authority}`]

const stops: (() => unknown)[] = []
let town: TlsTown
let served: Served

before(async () => {
  if ('skip' in asRoot) return
  town = await tlsTown(CASES)
  stops.push(town.stop)
  served = await serve(
    `
hostname: mail.isp.example
domains: [isp.example]
resolvers: [127.0.0.1]
listeners: [{ kind: trusted-network, port: 0 }]
subscribers: [{ id: "1", plan: business, logins: [{ name: ${ANNA} }] }]
leases: [{ prefix: 127.0.0.1, subscriber: "1" }]
`,
    undefined,
    { under: underCordon },
  )
  stops.push(served.stop)
})
after(async () => {
  for (const stop of stops.toReversed()) await stop()
})

type QueuedRow = { readonly recipient: string; readonly why: string | null }

async function waiting(): Promise<ReadonlyMap<string, string>> {
  const { output } = await cordon(served.folder, 'queue', 'list', '--json', '--limit', '100')
  const { rows } = JSON.parse(output) as { rows: readonly QueuedRow[] }
  return new Map(rows.map(({ recipient, why }) => [recipient, why ?? '']))
}

/** How mail of this sender came to this recipient. */
const came = (from: string, to: string): string | undefined =>
  town.seen
    .map(line => line.split(' '))
    .find(([, , sender, rcpt]) => sender === from && rcpt === to)?.[4]

test(
  'mail goes where the domain is satisfied, and elsewhere waits and says why',
  asRoot,
  async () => {
    await town.send(
      served.ports[0] ?? 0,
      ANNA,
      NAMES.map(name => `a@${name}`),
    )
    const rows = await eventually(async () => {
      const found = await waiting()
      return NAMES.every(name => came(ANNA, `a@${name}`) ?? found.get(`a@${name}`))
        ? found
        : undefined
    })
    for (const [name, { is }] of Object.entries(CASES)) {
      const became = came(ANNA, `a@${name}`)
      if (is instanceof RegExp) {
        assert.equal(became, undefined, name)
        assert.match(rows.get(`a@${name}`) ?? '', is, name)
      } else assert.equal(became, is, `${name}: ${rows.get(`a@${name}`)}`)
    }
  },
)

test('a policy outlives a restart, and needs the web no more', asRoot, async () => {
  const asked = () => town.seen.filter(line => line.startsWith('asked mta-sts.sts-own.example'))
  assert.deepEqual(asked(), ['asked mta-sts.sts-own.example /.well-known/mta-sts.txt'])
  await served.end()
  const again = await startServer(join(served.folder, 'cordon.yaml'), underCordon())
  stops.push(() => {
    again.server.kill()
    return once(again.server, 'exit')
  })
  const [, port] = /^\S+ on \S+ port (\d+)$/m.exec(again.said) ?? []
  await town.send(Number(port), ANNA, ['b@sts-own.example', 'b@sts.example'])
  const why = await eventually(async () => (await waiting()).get('b@sts-own.example') || undefined)
  assert.match(why, /MTA-STS of sts-own\.example: .*self-signed/)
  await eventually(() => came(ANNA, 'b@sts.example'))
  assert.equal(asked().length, 1)
})

/** Of each domain: what policy it has, and what of TLS was wrong; of what is not here nothing was. */
const WRONG_OF: Readonly<Record<string, readonly [policy: string, wrong: string]>> = {
  'clear.example': ['no-policy-found', 'starttls-not-supported'],
  'ee-wrong.example': ['tlsa', 'validation-failure'],
  'ee-stronger.example': ['tlsa', 'validation-failure'],
  'ee-clear.example': ['tlsa', 'starttls-not-supported'],
  'second.example': ['tlsa', 'validation-failure'],
  'sts-own.example': ['sts', 'certificate-not-trusted'],
  'sts-expired.example': ['sts', 'certificate-expired'],
  'sts-other-name.example': ['sts', 'certificate-host-mismatch'],
  'sts-clear.example': ['sts', 'starttls-not-supported'],
  'sts-mx.example': ['sts', 'validation-failure'],
  'sts-testing.example': ['sts', 'validation-failure'],
  'sts-gone.example': ['sts', 'sts-policy-fetch-error'],
  'sts-page.example': ['sts', 'sts-policy-fetch-error'],
  'sts-moved.example': ['sts', 'sts-policy-fetch-error'],
  'both-wrong.example': ['tlsa', 'validation-failure'],
}

test('each domain that asks for it hears how TLS went', asRoot, async () => {
  const reports = await tlsReportsIn(join(served.folder, 'data/ledger.db'))
  for (const [name, [kind, wrong]] of Object.entries(WRONG_OF)) {
    const report = reports.get(name)
    assert.deepEqual([report?.to, report?.required], [`tls+reports@${name}`, 'No'], name)
    const found = report?.policies.find(
      one => one.policy['policy-type'] === kind && one['failure-details'],
    )
    const types = found?.['failure-details']?.map(one => one['result-type'])
    assert.deepEqual([...new Set(types)], [wrong], `${name}: ${JSON.stringify(report)}`)
  }
  for (const [name, { is }] of Object.entries(CASES)) {
    if (is !== 'TLS' || WRONG_OF[name]) continue
    const failed = reports
      .get(name)
      ?.policies.map(one => one.summary['total-failure-session-count'])
    assert.deepEqual(failed, [0], name)
  }
  const [{ policy } = { policy: undefined }] = reports.get('sts.example')?.policies ?? []
  assert.deepEqual(policy?.['policy-string'], [
    'version: STSv1',
    'mode: enforce',
    'mx: mail.sts.example',
    'max_age: 604800',
  ])
})

test('Postfix decides the same', asRoot, async () => {
  const resolvConf = join(town.folder, 'resolv.conf')
  writeFileSync(resolvConf, 'nameserver 127.0.0.1\noptions edns0 trust-ad\n')
  const bind = `mount --bind ${resolvConf} /etc/resolv.conf && exec "$@"`
  const table = Object.entries(CASES).flatMap(([name, one]) =>
    one.table ? [`${name} ${one.table}`] : [],
  )
  const other = await postfix({
    relayPort: 0,
    under: [...town.under, 'unshare', '-m', 'sh', '-c', bind, 'sh'],
    files: { policies: `${table.join('\n')}\n` },
    more: `relayhost =
smtp_dns_support_level = dnssec
smtp_host_lookup = dns
smtp_tls_security_level = dane
smtp_tls_CAfile = ${town.authority}
smtp_tls_policy_maps = texthash:$config_directory/policies
`,
  })
  stops.push(other.stop)
  await town.send(
    other.port,
    PETER,
    NAMES.map(name => `a@${name}`),
  )
  const said = (name: string) =>
    new RegExp(`to=<a@${name.replaceAll('.', '\\.')}>.* status=(\\w+) (.*)$`, 'm').exec(
      readFileSync(other.log ?? '', 'utf8'),
    )
  await eventually(() => (NAMES.every(said) ? true : undefined))
  for (const [name, { is, there }] of Object.entries(CASES)) {
    const [, status, words] = said(name) ?? []
    const wanted = there ?? (is instanceof RegExp ? 'waits' : is)
    const became = status === 'deferred' ? 'waits' : (came(PETER, `a@${name}`) ?? 'lost')
    assert.equal(became, wanted, `${name}: ${words}`)
  }
})
