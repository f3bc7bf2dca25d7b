// Apple's configuration profile (.mobileconfig) for iOS and macOS: one mail account, without its password. Its identifiers follow from the address:
// a profile that is installed again replaces the first.

import { createHash } from 'node:crypto'
import type { ClientSetup, MailServer } from './client-setup.ts'
import { xmlText } from './xml-text.ts'

export const PROFILE_PATH = '/apple.mobileconfig'
export const PROFILE_TYPE = 'application/x-apple-aspen-config'

type Plist = string | number | boolean | readonly Plist[] | Entries
type Entries = { readonly [key: string]: Plist }

/** Undefined without an address, or without a server of each kind. */
export function mobileProfile(setup: ClientSetup): string | undefined {
  const { address, domain, provider, reading, sending } = setup
  const [[incoming], [outgoing]] = [reading, sending]
  if (address === undefined || !incoming || !outgoing) return undefined
  const identifier = `${domain.split('.').toReversed().join('.')}.mail.${digest(address).slice(0, 16)}`
  const account: Plist = {
    PayloadType: 'com.apple.mail.managed',
    PayloadVersion: 1,
    PayloadIdentifier: `${identifier}.account`,
    PayloadUUID: uuid(`account ${address}`),
    PayloadDisplayName: provider,
    EmailAccountType: incoming.protocol === 'pop3' ? 'EmailTypePOP' : 'EmailTypeIMAP',
    EmailAccountDescription: provider,
    EmailAddress: address,
    ...serverOf('Incoming', incoming, address),
    ...serverOf('Outgoing', outgoing, address),
    OutgoingPasswordSameAsIncomingPassword: true,
  }
  return document({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: uuid(`profile ${address}`),
    PayloadDisplayName: `${provider}: ${address}`,
    PayloadOrganization: provider,
    PayloadContent: [account],
  })
}

/** `UseSSL` is TLS from the first byte on 993, 995 and 465, and STARTTLS on any other port. */
const serverOf = (which: string, { host, port }: MailServer, address: string): Entries => ({
  [`${which}MailServerAuthentication`]: 'EmailAuthPassword',
  [`${which}MailServerHostName`]: host,
  [`${which}MailServerPortNumber`]: port,
  [`${which}MailServerUseSSL`]: true,
  [`${which}MailServerUsername`]: address,
})

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** RFC 9562 §5.8: of our own making. */
function uuid(text: string): string {
  const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(digest(text)) ?? []
  return `${a}-${b}-8${c}-8${d}-${e}`.toUpperCase()
}

const document = (value: Plist): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${plist(value, '')}
</plist>
`

function plist(value: Plist, indent: string): string {
  const inside = `${indent}  `
  if (typeof value === 'string') return `${indent}<string>${xmlText(value)}</string>`
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>`
  if (typeof value === 'boolean') return `${indent}<${value}/>`
  if (Array.isArray(value))
    return `${indent}<array>\n${value.map(one => plist(one, inside)).join('\n')}\n${indent}</array>`
  const entries = Object.entries(value).map(
    ([key, one]) => `${inside}<key>${xmlText(key)}</key>\n${plist(one, inside)}`,
  )
  return `${indent}<dict>\n${entries.join('\n')}\n${indent}</dict>`
}
