// What mail programs are told, from the configuration: the reading servers that the operator names, else our own gateways; for sending our own listeners,
// TLS from the first byte first.

import type { ProviderServers, MailServer } from '../mail/client-setup/client-setup.ts'
import type { Chosen, Keys } from './settings.ts'

export const CLIENT_SETUP = {
  hostname: 'restart',
  provider: 'restart',
  domains: 'restart',
  listeners: 'restart',
  imap: 'restart',
  pop3: 'restart',
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

/**
 * Why records must not be printed: they would say of a server that only another program knows that there is none (RFC 6186 §3.4), and mail
 * programs would believe it.
 */
export function notKnown(config: SetupConfig): string | undefined {
  const { listeners, clientSetup } = config
  const { host, implicit, starttls } = clientSetup.smtp
  const ours = listeners.some(({ kind }) => kind === 'submission')
  const what = [
    ...(reading(config).length === 0 ? ['reads (clientSetup.imap)'] : []),
    ...(ours || (host ?? implicit ?? starttls) !== undefined ? [] : ['sends (clientSetup.smtp)']),
  ]
  return what.length === 0
    ? undefined
    : `the configuration does not say where a mail program ${what.join(' and ')}. Write such as clientSetup: { imap: { host: ${config.hostname} }, smtp: { host: ${config.hostname}, starttls: 587 } }`
}

function reading({ hostname, imap, pop3, clientSetup }: SetupConfig): readonly MailServer[] {
  const ownOf = (gateway: typeof imap | typeof pop3) =>
    bestFirst((gateway?.listeners ?? []).map(({ port, tls }) => ({ host: hostname, port, tls })))
  const from = (
    named: Omit<MailServer, 'protocol'> | undefined,
    gateway: typeof imap | typeof pop3,
  ) => (named ? [named] : ownOf(gateway))
  return [
    ...from(clientSetup.imap, imap).map(one => ({ protocol: 'imap' as const, ...one })),
    ...from(clientSetup.pop3, pop3).map(one => ({ protocol: 'pop3' as const, ...one })),
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
