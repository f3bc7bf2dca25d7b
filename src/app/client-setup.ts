// What mail programs are told, from the configuration: the reading servers that the operator names, else our own IMAP gateway; for sending our own
// listeners, TLS from the first byte first.

import type { ProviderServers, MailServer } from '../mail/client-setup/client-setup.ts'
import type { Chosen, Keys } from './settings.ts'

export const CLIENT_SETUP = {
  hostname: 'restart',
  provider: 'restart',
  domains: 'restart',
  listeners: 'restart',
  imap: 'restart',
  clientSetup: 'restart',
} as const satisfies Keys

type SetupConfig = Chosen<typeof CLIENT_SETUP>

export function providerServers(config: SetupConfig): ProviderServers {
  const { domains, provider, hostname, clientSetup } = config
  const { web = hostname, help } = clientSetup
  return {
    domains,
    provider,
    web,
    reading: reading(config),
    sending: sending(config),
    ...(help === undefined ? {} : { help }),
  }
}

function reading({ hostname, imap, clientSetup }: SetupConfig): readonly MailServer[] {
  const { imap: named, pop3 } = clientSetup
  const own = (imap?.listeners ?? []).map(({ port, tls }) => ({ host: hostname, port, tls }))
  return [
    ...(named ? [named] : bestFirst(own)).map(one => ({ protocol: 'imap' as const, ...one })),
    ...(pop3 ? [{ protocol: 'pop3' as const, ...pop3 }] : []),
  ]
}

function sending({ hostname, listeners, clientSetup }: SetupConfig): readonly MailServer[] {
  const { host = hostname, implicit, starttls } = clientSetup.smtp
  const server = (tls: MailServer['tls'], port: number | undefined) =>
    port === undefined ? [] : [{ protocol: 'smtp' as const, host, port, tls }]
  if (implicit !== undefined || starttls !== undefined)
    return [...server('implicit', implicit), ...server('starttls', starttls)]
  const own = listeners.filter(({ kind, port }) => kind === 'submission' && port > 0 && port !== 25)
  if (own.length === 0) return [...server('implicit', 465), ...server('starttls', 587)]
  return bestFirst(own).flatMap(({ tls, port }) => server(tls, port))
}

const bestFirst = <T extends { readonly tls: MailServer['tls'] }>(servers: readonly T[]) =>
  servers.toSorted((a, b) => Number(a.tls === 'starttls') - Number(b.tls === 'starttls'))
