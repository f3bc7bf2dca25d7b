// The kinds of value that stand in the configuration, each with the sentence that tells what to write instead.

import { z } from 'zod'
import { parseDuration } from '../model/duration.ts'
import { isPasswordHash } from '../model/password-hash.ts'
import { canonicalIp, formatPrefix, parseIp, parsePrefix, type Prefix } from '../model/ip.ts'
import { canonicalAddress, foldDomain, isDomain, parseMailAddress } from '../model/mail-address.ts'

/** Addresses of pages and services, names, greetings: none is longer. */
const MAX_TEXT = 1024

/** `advice` is the sentence that tells what to write instead. */
export function text(advice: string, test: (value: string) => boolean, most = MAX_TEXT) {
  return z
    .string({ error: advice })
    .max(most, { error: `Write at most ${most} characters`, abort: true })
    .refine(test, { error: advice })
}

/** Text that goes into letters, onto screens and into other programs' fields; there may be nothing in it only where that says something. */
export const line = (most = 200) =>
  text(
    `Write one line of at most ${most} characters, which is not empty`,
    value => value.trim() !== '' && !/\p{Cc}/u.test(value),
    most,
  )
/** A password or the like: as it is, and of no other program's business. */
export const secret = z
  .string({ error: 'Write a secret' })
  .min(1, { error: 'Write a secret: it is empty', abort: true })
  .max(MAX_TEXT, { error: `Write at most ${MAX_TEXT} characters` })

/** PATH_MAX of Linux, with the NUL at its end. */
const MAX_PATH = 4095
/** A file that is read: where such settings stand is gathered from the schema (named-files.ts). */
export const path = text(
  `Write a path, ${MAX_PATH} characters at most`,
  value => value !== '' && !value.includes('\0'),
  MAX_PATH,
)
const FILES = z.registry<{ readonly isFile: true }>()
FILES.add(path, { isFile: true })
/** With a description or a default of its own as well. */
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
/** Address space: it stands in lists, in orders and in keys. */
export const anyRealm = text('Write a name without spaces, 64 characters at most', value =>
  /^\S{1,64}$/.test(value),
)
export const realm = anyRealm.default('main')
/** The name stands in orders, on screens and in metrics. */
export const driverName = line(64)
/** Of a rule: which there are is asked when all of the file is known. */
export const ruleName = line(64)
/** At most as long as orders and feeds take it. */
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
/** In one spelling: lower case, with A-labels. */
export const domain = text('Write a domain name, such as example.org', value =>
  isDomain(foldDomain(value)),
).transform(foldDomain)
/** What strangers may write as well is in RFC 5321's bounds where it is ours: it names folders. */
const MAX_ADDRESS = 254
/** In one spelling; the case of the local part stays. */
export const mailAddress = text(
  'Write a mail address, such as anna@example.org',
  value => parseMailAddress(value) !== undefined && value.length <= MAX_ADDRESS,
).transform(canonicalAddress)
/** In one spelling: an address alone is a prefix of full length. */
export const prefix = text(
  'Write an address or a prefix, such as 192.0.2.7 or 2001:db8:17::/56',
  value => parsePrefix(value) !== undefined,
)
  // 192.0.2.7/24 is one address to its author, or all of them.
  .refine(value => !hasHostBits(value), {
    error:
      'Write the first address of the prefix, such as 192.0.2.0/24: behind its length nothing is set',
  })
  .transform(value => formatPrefix(parsePrefix(value) as Prefix))
function hasHostBits(value: string): boolean {
  const [written, prefix] = [parseIp(value.split('/')[0] ?? ''), parsePrefix(value)]
  return written !== undefined && prefix !== undefined && written.value !== prefix.value
}
export const passwordHash = text(
  'Write what `cordon hash-password` prints, or another argon2id or SCRAM-SHA-256 hash',
  isPasswordHash,
)
/** What an entry of a door or sensor listens on: all of these are compared (cross-checks/listening-places.ts). */
const LISTENED = z.registry<{ readonly on: 'TCP' | 'UDP' | 'socket' }>()
/** With a description or a default of its own as well; undefined for any other setting. */
export const listensOn = (schema: z.ZodType) => LISTENED.get(schema)?.on

const portNumber = () =>
  z.int({ error: 'Write a port number from 0 to 65535 (0 takes any free one)' }).min(0).max(65_535)
/** Of a door or a sensor over TCP. */
export const port = portNumber()
LISTENED.add(port, { on: 'TCP' })
export const udpPort = portNumber()
LISTENED.add(udpPort, { on: 'UDP' })
/** Of something that listens elsewhere. */
const SERVER_PORT = 'Write a port number from 1 to 65535'
export const serverPort = z
  .int({ error: SERVER_PORT })
  .min(1, { error: SERVER_PORT })
  .max(65_535, { error: SERVER_PORT })

/** Text that is a span of time within two others, all as they are written. */
function spanText(least: string, most: string) {
  const [from, to] = [parseDuration(least) ?? 0, parseDuration(most) ?? 0]
  return text(`Write a duration from ${least} to ${most}, in s, m, h or d`, value => {
    const given = parseDuration(value)
    return given !== undefined && given >= from && given <= to
  })
}
/** Timers cannot wait longer than 24 days; what is one ends far below. */
export const duration = (standard: string, least: string, most: string) =>
  spanText(least, most)
    .default(standard)
    .transform(value => parseDuration(value) as number)
export const span = (least: string, most: string) =>
  spanText(least, most).transform(value => parseDuration(value) as number)
/** A server that was asked has then not answered. */
export const timeout = (standard: string) => duration(standard, '100ms', '10m')
export const count = (standard: number, most: number) =>
  z
    .int({ error: `Write a whole number from 1 to ${most}` })
    .min(1)
    .max(most)
    .default(standard)
/** Asked in clear only on this machine. */
export const httpsAddress = text(
  'Write an https address, or an http address of this machine',
  value =>
    /^https:\/\//i.test(value) ||
    /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\//i.test(value),
)
/** Of a directory: other hosts do not read what is told to it and by it: TLS, or a directory on this machine. */
export const isSealed = (given: { readonly url: string; readonly startTls: boolean }): boolean =>
  given.startTls ||
  !/^ldap:/i.test(given.url) ||
  /^ldap:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/?$/i.test(given.url)
export const ldapAddress = text('Write ldaps://HOST, or ldap://HOST', value =>
  /^ldaps?:\/\/[^/\s]+\/?$/i.test(value),
)
/** Where JSON is posted to, and what it is signed with. */
export const signedPost = {
  url: httpsAddress.describe('URL that gets every change as JSON and answers 2xx'),
  secret: text(
    'Write a secret of sixteen characters or more',
    value => value.length >= 16,
  ).describe('Key of the signature (HMAC), sixteen characters or more'),
}

/** Of the policy service and the milter: both answer a mail server beside this one. */
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
    'Hosts from which many people log in, such as a webmail: where they are says nothing of where these people are',
  )

/** Rules that are about what the mail server knows itself. */
export const ITS_OWN_RULES = ['relay', 'recipient-exists', 'login-required', 'sender-belongs']
