// Mozilla's autoconfig, version 1.1 (draft-ietf-mailmaint-autoconfig), which Thunderbird, K-9, Evolution, KMail and FairEmail read. The login stays
// a placeholder, which the program fills in: the file is the same for every address. `useGlobalPreferredServer` is left out: with it Thunderbird
// sends by another account's server.

import type { ClientSetup, MailServer } from './client-setup.ts'
import { xmlText } from './xml-text.ts'

/** Its places; the first on the host `autoconfig.DOMAIN`, the others on the domain itself. */
export const MOZILLA_PATHS = [
  '/mail/config-v1.1.xml',
  '/.well-known/autoconfig/mail/config-v1.1.xml',
  '/.well-known/mail-v1.xml',
] as const

const SOCKET = { implicit: 'SSL', starttls: 'STARTTLS' } as const

export function mozillaConfig({ domain, provider, reading, sending, help }: ClientSetup): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="${xmlText(domain)}">
    <domain>${xmlText(domain)}</domain>
    <displayName>${xmlText(provider)}</displayName>
    <displayShortName>${xmlText(provider)}</displayShortName>
${reading.map(server => serverOf('incomingServer', server)).join('\n')}
${sending.map(server => serverOf('outgoingServer', server)).join('\n')}
${help === undefined ? '' : `    <documentation url="${xmlText(help)}"/>\n`}  </emailProvider>
</clientConfig>
`
}

const serverOf = (element: string, { protocol, host, port, tls }: MailServer): string =>
  `    <${element} type="${protocol}">
      <hostname>${xmlText(host)}</hostname>
      <port>${port}</port>
      <socketType>${SOCKET[tls]}</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </${element}>`
