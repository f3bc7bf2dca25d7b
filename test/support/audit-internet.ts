// A small Internet for `cordon audit`: providers on loopback, each with a mail server of its own that has one fault, in a DNS that is signed and a web that
// serves policies. Every provider NAME has the domain NAME.example and the server mail.NAME.example.

import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:https'
import { auditCertificates, type Pem } from './audit-certificates.ts'
import { type FakeMailServer, type FakePort, fakeMailServer } from './fake-mail-server.ts'
import { freePort } from './free-port.ts'
import { signedDns } from './signed-dns.ts'

export type FakeProvider = {
  readonly ports?: Readonly<Partial<Record<'25' | '465' | '587', FakePort | undefined>>>
  readonly oldTls?: boolean
  readonly certificate?: 'trusted' | 'expired' | 'other' | 'own'
  /** Records in the place of those of a good provider, by what they are for; undefined: there is none. */
  readonly zone?: Readonly<Record<string, string | undefined>>
  /** What its policy says. */
  readonly policy?: string
}

export type AuditInternet = {
  readonly resolver: string
  readonly authority: string
  readonly ports: Readonly<Record<25 | 465 | 587 | 'https', number>>
  readonly servers: ReadonlyMap<string, FakeMailServer>
  stop(): void
}

const NETWORK = '127.0.25'
const WEB = `${NETWORK}.250`

export async function auditInternet(
  providers: Readonly<Record<string, FakeProvider>>,
): Promise<AuditInternet> {
  const names = Object.keys(providers)
  const pki = await auditCertificates(
    names.flatMap(name => [`mail.${name}.example`, `mta-sts.${name}.example`]),
  )
  const at = {
    25: await freePort(),
    465: await freePort(),
    587: await freePort(),
    https: await freePort(),
  }
  const servers = new Map<string, FakeMailServer>()
  const records: string[] = []
  for (const [i, [name, provider]] of Object.entries(providers).entries()) {
    const host = `${NETWORK}.${i + 1}`
    const certificate = pki[provider.certificate ?? 'trusted']
    const ports = { 25: {}, 465: { auth: true }, 587: { auth: true }, ...provider.ports }
    const offered = Object.fromEntries(Object.entries(ports).filter(([, port]) => port))
    const { oldTls } = provider
    servers.set(
      name,
      await fakeMailServer(
        { ports: offered, certificate, ...(oldTls ? { oldTls } : {}) },
        { host, at },
      ),
    )
    records.push(...zoneOf(name, { address: host, certificate, over: provider.zone ?? {} }))
  }
  const web = createServer({ ...pki.trusted }, ({ headers: { host = '' }, url }, answer) => {
    const name = host.split('.')[1] ?? ''
    const policy = providers[name]?.policy ?? policyOf(name)
    answer
      .writeHead(url === '/.well-known/mta-sts.txt' ? 200 : 404, { 'Content-Type': 'text/plain' })
      .end(policy)
  })
  await new Promise<void>(resolve => web.listen(at.https, WEB, resolve))
  const dns = await signedDns(records)
  return {
    resolver: dns.server,
    authority: pki.authority,
    ports: at,
    servers,
    stop: () => {
      for (const one of servers.values()) one.stop()
      web.close()
      web.closeAllConnections()
      dns.stop()
    },
  }
}

const policyOf = (name: string): string =>
  `version: STSv1\r\nmode: enforce\r\nmx: mail.${name}.example\r\nmax_age: 604800\r\n`

type ZoneOf = {
  readonly address: string
  readonly certificate: Pick<Pem, 'cert'>
  readonly over: Readonly<Record<string, string | undefined>>
}

/** Records of a good provider. */
export function zoneOf(name: string, { address, certificate, over }: ZoneOf): readonly string[] {
  const [domain, host] = [`${name}.example.`, `mail.${name}.example.`]
  // Of IPv4; of IPv6 the test says it.
  const backwards = address.split('.').toReversed().join('.')
  const key = createPublicKey(certificate.cert).export({ type: 'spki', format: 'der' })
  const records = {
    mx: `${domain} 3600 IN MX 10 ${host}`,
    a: `${host} 3600 IN ${address.includes(':') ? 'AAAA' : 'A'} ${address}`,
    ptr: `${backwards}.in-addr.arpa. 3600 IN PTR ${host}`,
    spf: `${domain} 3600 IN TXT "v=spf1 a:mail.${name}.example -all"`,
    dkim: `selector1._domainkey.${domain} 3600 IN TXT ${DKIM}`,
    dmarc: `_dmarc.${domain} 3600 IN TXT "v=DMARC1; p=reject"`,
    sts: `_mta-sts.${domain} 3600 IN TXT "v=STSv1; id=20260101"`,
    policyHost: `mta-sts.${domain} 3600 IN A ${WEB}`,
    tlsa: `_25._tcp.${host} 3600 IN TLSA 3 1 1 ${createHash('sha256').update(key).digest('hex')}`,
    srv: `_submissions._tcp.${domain} 3600 IN SRV 0 1 465 ${host}`,
    token: `_cordon-audit.${domain} 3600 IN TXT "relay-test"`,
    ...over,
  }
  return Object.values(records).flatMap(record => record ?? [])
}

/** In two strings: the key is longer than one. */
const DKIM = (() => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  return `"v=DKIM1; k=rsa; p=${key.slice(0, 200)}" "${key.slice(200)}"`
})()
