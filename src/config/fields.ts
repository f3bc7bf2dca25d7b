// The kinds of value that stand in the configuration, each with the sentence that tells what to write instead.

import { z } from 'zod'
import { parseDuration } from '../model/duration.ts'
import { isPasswordHash } from '../model/password-hash.ts'
import { canonicalIp, formatPrefix, parsePrefix, type Prefix } from '../model/ip.ts'
import { canonicalAddress, foldDomain, isDomain, parseMailAddress } from '../model/mail-address.ts'

/** `advice` is the sentence that tells what to write instead. */
export function text(advice: string, test: (value: string) => boolean) {
  return z.string({ error: advice }).refine(test, { error: advice })
}

export const address = text(
  'Write an IP address, such as 192.0.2.1 or 2001:db8::1',
  value => canonicalIp(value) !== undefined,
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
).transform(value => formatPrefix(parsePrefix(value) as Prefix))
export const passwordHash = text(
  'Write what `cordon hash-password` prints, or another argon2id or SCRAM-SHA-256 hash',
  isPasswordHash,
)
export const port = z
  .int({ error: 'Write a port number from 0 to 65535 (0 takes any free one)' })
  .min(0)
  .max(65_535)
export const duration = (standard: string) =>
  text('Write a duration, such as 30m, 72h or 5d', value => parseDuration(value) !== undefined)
    .default(standard)
    .transform(value => parseDuration(value) as number)
export const count = (standard: number) =>
  z.int({ error: 'Write a whole number' }).min(1).default(standard)
/** Asked in clear only on this machine. */
export const httpsAddress = text(
  'Write an https address, or an http address of this machine',
  value =>
    /^https:\/\//i.test(value) ||
    /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\//i.test(value),
)
/** Of a directory: what is told to it and by it is nobody else's, except on this machine. */
export const isSealed = (given: { readonly url: string; readonly startTls: boolean }): boolean =>
  given.startTls ||
  !/^ldap:/i.test(given.url) ||
  /^ldap:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/?$/i.test(given.url)
export const ldapAddress = text('Write ldaps://HOST, or ldap://HOST', value =>
  /^ldaps?:\/\/[^/\s]+\/?$/i.test(value),
)
/** Where JSON is posted to, and what it is signed with. */
export const signedPost = {
  url: httpsAddress.describe('Gets every change as JSON and answers 2xx'),
  secret: text(
    'Write a secret of sixteen characters or more',
    value => value.length >= 16,
  ).describe('What its signature is made with; sixteen characters or more'),
}
