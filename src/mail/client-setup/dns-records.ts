// The records by which mail programs find our servers: SRV (RFC 6186, RFC 8314 §5.1), the names that they ask over HTTPS, and the digest of the
// user agent's JSON. What is not offered is said to be not there (a target of `.`, RFC 2782): a program must not fall back to a way without TLS.
// No port 25: no program of a customer submits there.

import type { ClientSetup, MailServer } from './client-setup.ts'
import { userAgentConfig, userAgentDigest } from './user-agent-config.ts'

export type SetupRecord =
  | {
      readonly type: 'SRV'
      readonly name: string
      readonly priority: number
      readonly weight: number
      readonly port: number
      /** Without the root's dot; empty: not offered. */
      readonly target: string
    }
  | { readonly type: 'CNAME'; readonly name: string; readonly target: string }
  | { readonly type: 'TXT'; readonly name: string; readonly text: string }

/** Hosts in front of the domain that mail programs ask. */
const WEB_NAMES = ['autoconfig', 'autodiscover', 'ua-auto-config'] as const

const SERVICES = {
  imap: { implicit: '_imaps', starttls: '_imap' },
  pop3: { implicit: '_pop3s', starttls: '_pop3' },
  smtp: { implicit: '_submissions', starttls: '_submission' },
} as const

export function setupRecords(setup: ClientSetup): readonly SetupRecord[] {
  const { domain, web, reading, sending } = setup
  return [
    ...servicesOf(domain, 'smtp', sending),
    ...servicesOf(domain, 'imap', reading),
    ...servicesOf(domain, 'pop3', reading),
    srv(`_autodiscover._tcp.${domain}`, { host: web, port: 443 }),
    ...WEB_NAMES.map(name => ({ type: 'CNAME' as const, name: `${name}.${domain}`, target: web })),
    {
      type: 'TXT',
      name: `_ua-auto-config.${domain}`,
      text: userAgentDigest(userAgentConfig(setup)),
    },
  ]
}

/** The best way alone: RFC 8314 §5.1 has programs prefer it, and an old one that sees both might not. */
function servicesOf(
  domain: string,
  protocol: MailServer['protocol'],
  servers: readonly MailServer[],
): readonly SetupRecord[] {
  const own = servers.filter(one => one.protocol === protocol)
  const best = own.find(({ tls }) => tls === 'implicit') ?? own[0]
  return (['implicit', 'starttls'] as const).map(tls =>
    srv(`${SERVICES[protocol][tls]}._tcp.${domain}`, best?.tls === tls ? best : undefined),
  )
}

const srv = (
  name: string,
  server: Pick<MailServer, 'host' | 'port'> | undefined,
): SetupRecord & { type: 'SRV' } => ({
  type: 'SRV',
  name,
  priority: 0,
  weight: server ? 1 : 0,
  port: server?.port ?? 0,
  target: server?.host ?? '',
})

/** For a zone file. */
export const zoneLine = (record: SetupRecord): string => {
  const head = `${record.name}. 3600 IN ${record.type}`
  if (record.type === 'TXT') return `${head} "${record.text}"`
  if (record.type === 'CNAME') return `${head} ${record.target}.`
  return `${head} ${record.priority} ${record.weight} ${record.port} ${record.target}.`
}
