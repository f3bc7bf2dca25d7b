// The kinds of value that stand in the configuration, each with the sentence that tells what to write instead.

import { z } from 'zod'
import { parseDuration } from '../model/duration.ts'
import { isRealm } from '../model/lease.ts'
import { hasHostBits, isTooWide } from '../model/lease-prefix.ts'
import { isPasswordHash } from '../model/password-hash.ts'
import { canonicalIp, formatPrefix, parsePrefix, type Prefix } from '../model/ip.ts'
import { canonicalAddress, foldDomain, isDomain, parseMailAddress } from '../model/mail-address.ts'

/** Characters of a URL, a name or a greeting. */
const MAX_TEXT = 1024

/** `advice` is the sentence that tells what to write instead. */
export function text(advice: string, test: (value: string) => boolean, most = MAX_TEXT) {
  return z
    .string({ error: advice })
    .max(most, { error: `Write at most ${most} characters`, abort: true })
    .refine(test, { error: advice })
}

/** One line of text for letters, screens and fields of other programs; not empty, without control characters. */
export const line = (most = 200) =>
  text(
    `Write one line of at most ${most} characters, which is not empty`,
    value => value.trim() !== '' && !/\p{Cc}/u.test(value),
    most,
  )
/** A password or key: any characters, never shown. */
export const secret = z
  .string({ error: 'Write a secret' })
  .min(1, { error: 'Write a secret: it is empty', abort: true })
  .max(MAX_TEXT, { error: `Write at most ${MAX_TEXT} characters` })

/** PATH_MAX of Linux, with the NUL at its end. */
const MAX_PATH = 4095
/** A file that is read. named-files.ts finds these settings in the schema. */
export const path = text(
  `Write a path, ${MAX_PATH} characters at most`,
  value => value !== '' && !value.includes('\0'),
  MAX_PATH,
)
export const timeZone = text('Write a time zone, such as Europe/Berlin or UTC', isTimeZone)
/** A folder that is written to. */
export const folder = text(
  `Write the path of a folder, ${MAX_PATH} characters at most`,
  value => value !== '' && !value.includes('\0'),
  MAX_PATH,
)
/** Schemas of files. */
const FILES = z.registry<{ readonly isFile: true }>()
FILES.add(path, { isFile: true })
/** Also true of `path` with a description or default added. */
export const isFile = (schema: z.ZodType): boolean => FILES.get(schema)?.isFile === true

const bytesOf = (value: string) => new TextEncoder().encode(value).length
const shortPath = (most: number, advice: string) =>
  text(advice, value => value !== '' && !value.includes('\0') && bytesOf(value) <= most, MAX_PATH)
/** unix(7): sun_path has 108 bytes, with the NUL at its end. */
const MAX_SOCKET = 107
export const socketPath = shortPath(
  MAX_SOCKET,
  `Write the path of a socket, ${MAX_SOCKET} bytes at most`,
)
const MAX_FOLDER = MAX_SOCKET - bytesOf('/control.sock')
export const folderOfSockets = shortPath(
  MAX_FOLDER,
  `Write a path of at most ${MAX_FOLDER} bytes: the control socket lies in it`,
)
/** An address realm. */
export const anyRealm = text('Write a name without spaces, 64 characters at most', isRealm)
export const realm = anyRealm.default('main')
/** Name of a network driver in orders, on screens and in metrics. */
export const driverName = line(64)
/** Name of a rule; cross-checks/rule-settings.ts checks that the rule exists. */
export const ruleName = line(64)
/** Orders and feeds accept no longer one. */
export const customerNumber = line(64)

export const address = text(
  'Write an IP address, such as 192.0.2.1 or 2001:db8::1',
  value => canonicalIp(value) !== undefined,
)
/** As node:dns takes them: 192.0.2.53, 192.0.2.53:5353, 2001:db8::53 or [2001:db8::53]:5353. */
export const nameServer = text(
  'Write the IP address of a DNS server, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353',
  value => {
    const [, six, four = six, port = '53'] =
      /^(?:\[([0-9a-f:.]{2,45})\]|([0-9.]{7,15}))(?::(\d{1,5}))?$/i.exec(value) ?? []
    if (four === undefined) return canonicalIp(value) !== undefined
    return canonicalIp(four) !== undefined && Number(port) >= 1 && Number(port) <= 65_535
  },
)
export const hostOrAddress = text(
  'Write a host name or an IP address',
  value => isDomain(value) || canonicalIp(value) !== undefined,
)
/** Stored in lower case, with A-labels. */
export const domain = text('Write a domain name, such as example.org', value =>
  isDomain(foldDomain(value)),
).transform(foldDomain)
/** Characters (RFC 5321 §4.5.3.1.3, without the angle brackets): an address of ours names a folder. */
const MAX_ADDRESS = 254
/** Stored in canonical form; the case of the local part is kept. */
export const mailAddress = text(
  'Write a mail address, such as anna@example.org',
  value => parseMailAddress(value) !== undefined && value.length <= MAX_ADDRESS,
).transform(canonicalAddress)
/** Stored in canonical form; an address alone is a prefix of full length. */
export const prefix = text(
  'Write an address or a prefix, such as 192.0.2.7 or 2001:db8:17::/56',
  value => parsePrefix(value) !== undefined,
)
  // 192.0.2.7/24 may mean the address or its network.
  .refine(value => !hasHostBits(value), {
    error:
      'Write the first address of the prefix, such as 192.0.2.0/24: behind its length nothing is set',
  })
  .transform(value => formatPrefix(parsePrefix(value) as Prefix))
/** Of a lease: what is wider than a customer's network can be is a slip of the pen. */
export const leasePrefix = prefix.refine(value => !isTooWide(parsePrefix(value) as Prefix), {
  error: 'Write the prefix of one customer: /8 or longer, /16 or longer for IPv6',
})
export const passwordHash = text(
  'Write what `cordon hash-password` prints, or another argon2id or SCRAM-SHA-256 hash',
  isPasswordHash,
)
/** Settings of ports and sockets that Cordon listens on; cross-checks/listening-places.ts finds two that are the same. */
const LISTENED = z.registry<{ readonly on: 'TCP' | 'UDP' | 'TCP and UDP' | 'socket' }>()
/** Also of a schema with a description or default added; undefined for any other setting. */
export const listensOn = (schema: z.ZodType) => LISTENED.get(schema)?.on

const portNumber = () =>
  z.int({ error: 'Write a port number from 0 to 65535 (0 takes any free one)' }).min(0).max(65_535)
/** TCP port that a door or sensor listens on. */
export const port = portNumber()
LISTENED.add(port, { on: 'TCP' })
export const udpPort = portNumber()
LISTENED.add(udpPort, { on: 'UDP' })
/** The same port of both. */
export const dnsPort = portNumber()
LISTENED.add(dnsPort, { on: 'TCP and UDP' })
/** For the port of another server. */
const SERVER_PORT = 'Write a port number from 1 to 65535'
export const serverPort = z
  .int({ error: SERVER_PORT })
  .min(1, { error: SERVER_PORT })
  .max(65_535, { error: SERVER_PORT })

/** A duration, such as 30m, from `least` to `most`. */
function spanText(least: string, most: string) {
  const [from, to] = [parseDuration(least) ?? 0, parseDuration(most) ?? 0]
  return text(`Write a duration from ${least} to ${most}, in s, m, h or d`, value => {
    const given = parseDuration(value)
    return given !== undefined && given >= from && given <= to
  })
}
/** Milliseconds. A timer of Node cannot wait longer than 24 days: a setting that sets a timer has a `most` far below. */
export const duration = (standard: string, least: string, most: string) =>
  spanText(least, most)
    .default(standard)
    .transform(value => parseDuration(value) as number)
export const span = (least: string, most: string) =>
  spanText(least, most).transform(value => parseDuration(value) as number)
/** Time that another server has for its answer. */
export const timeout = (standard: string) => duration(standard, '100ms', '10m')
export const count = (standard: number, most: number) =>
  z
    .int({ error: `Write a whole number from 1 to ${most}` })
    .min(1)
    .max(most)
    .default(standard)
/** Plain http only to this machine. */
export const httpsAddress = text(
  'Write an https address, or an http address of this machine',
  value =>
    /^https:\/\//i.test(value) ||
    /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\//i.test(value),
)
/** The connection to an LDAP directory uses TLS, or stays on this machine. */
export const isSealed = (given: { readonly url: string; readonly startTls: boolean }): boolean =>
  given.startTls ||
  !/^ldap:/i.test(given.url) ||
  /^ldap:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/?$/i.test(given.url)
export const ldapAddress = text('Write ldaps://HOST, or ldap://HOST', value =>
  /^ldaps?:\/\/[^/\s]+\/?$/i.test(value),
)
/** URL to which JSON is posted, and the key of its signature. */
export const signedPost = {
  url: httpsAddress.describe('URL that gets every change as JSON and answers 2xx'),
  secret: text(
    'Write a secret of sixteen characters or more',
    value => value.length >= 16,
  ).describe('Key of the signature (HMAC), sixteen characters or more'),
}

/** What listens in front of a server of mailboxes. `usual`: its port with TLS from the first byte. */
export const gatewayListeners = (usual: number) =>
  z
    .array(
      z.strictObject({
        address: address
          .default('127.0.0.1')
          .describe('Address to listen on; 0.0.0.0 or :: for all'),
        port: port.describe('Port to listen on'),
        tls: z
          .enum(['starttls', 'implicit'])
          .default('starttls')
          .describe(`implicit: TLS from the first byte, as on port ${usual}`),
        trustedProxies: z
          .array(address)
          .default([])
          .describe('Proxies that must send a PROXY header, which is trusted; none when empty'),
        realm: realm.describe('Address space of the clients'),
      }),
    )
    .min(1, { error: `Write at least one listener, such as { port: ${usual}, tls: implicit }` })
    .describe('Ports to which mail programs connect')

/** The server behind it: with TLS, or on this machine. */
const BEHIND = {
  imap: /^(?:imap(?:s|\+starttls):\/\/(?:[^\s/:@]+|\[[0-9a-f:.]+\])(?::\d{1,5})?|imap:\/\/(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)(?::\d{1,5})?|unix:\/[^\0\s]+)$/i,
  pop3: /^(?:pop3(?:s|\+starttls):\/\/(?:[^\s/:@]+|\[[0-9a-f:.]+\])(?::\d{1,5})?|pop3:\/\/(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)(?::\d{1,5})?|unix:\/[^\0\s]+)$/i,
} as const

export const backEnd = (protocol: keyof typeof BEHIND) => {
  const place = BEHIND[protocol]
  return text(
    `Write ${protocol}s://HOST, ${protocol}+starttls://HOST, unix:/PATH, or ${protocol}://127.0.0.1:PORT: without TLS only on this machine`,
    value => place.test(value),
  ).describe(
    `The ${protocol.toUpperCase()} server behind, which knows the passwords and keeps the mail: ${protocol}s://HOST, ${protocol}+starttls://HOST, each also with :PORT, unix:/PATH, or ${protocol}://127.0.0.1:PORT`,
  )
}

export const proxyHeader = z
  .boolean()
  .default(false)
  .describe(
    'Send the client’s address to the back end in a PROXY header (version 2) first; the back end must expect the header (Dovecot: haproxy = yes, haproxy_trusted_networks)',
  )

export const tokens = z
  .array(z.enum(['XOAUTH2', 'OAUTHBEARER']))
  .max(2, { error: 'Write each once' })
  .default([])
  .describe(
    'Token mechanisms that are offered, in addition to passwords: name those that the back end accepts; it checks each token',
  )

/** Unix socket of the policy service or the milter. */
export const socket = socketPath.optional().describe('Unix socket, instead of address and port')
LISTENED.add(socket, { on: 'socket' })

export const clients = z
  .array(address)
  .default(['127.0.0.1', '::1'])
  .describe('Addresses that may connect')

export const mynetworks = z
  .array(prefix)
  .default([])
  .describe(
    'Networks of your own that send without a login (Postfix’s mynetworks): trusted-network, whatever `listener` says',
  )

export const webmail = z
  .array(address)
  .default([])
  .describe(
    'Hosts from which many people log in, such as a webmail: the network of the host is not taken for the network of the user',
  )

/** Rules that a mail server beside Cordon decides itself: skipped there by default. */
export const ITS_OWN_RULES = ['relay', 'recipient-exists', 'login-required', 'sender-belongs']

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}
