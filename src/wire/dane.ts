// TLSA records and the certificates they stand for, as mail servers use them (RFC 7672, RFC 7671). Pure: where the records come from, and whether they are
// signed, is the caller's matter.

import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'

/** What is in a TLSA record (RFC 6698 §2.1); data in hex. */
export type Tlsa = {
  /** One octet, as are the two others: who vouches, 0 to 3. */
  readonly usage: number
  /** Of what, 0 certificate, 1 key. */
  readonly selector: number
  /** How, 0 in full, 1 SHA-256, 2 SHA-512. */
  readonly matching: number
  readonly data: string
}

/** DANE-TA and DANE-EE (RFC 7672 §3.1); the two others are of the web. */
const [TRUST_ANCHOR, END_ENTITY] = [2, 3]
const [CERTIFICATE, KEY] = [0, 1]
const [FULL, SHA256, SHA512] = [0, 1, 2]
/** Octets of each digest. */
const DIGEST = new Map([
  [SHA256, 32],
  [SHA512, 64],
])
/** Certificates of one server that are looked at; there are more in no chain that is meant well. */
export const MAX_CHAIN = 10

export const tlsaIn = (data: Buffer): Tlsa => ({
  usage: data[0] ?? 0,
  selector: data[1] ?? 0,
  matching: data[2] ?? 0,
  data: data.subarray(3).toString('hex'),
})

/** Those that a mail server can be compared with. Of digests of one usage and selector only the stronger counts (RFC 7671 §9). */
export function usableTlsa(records: readonly Tlsa[]): readonly Tlsa[] {
  const usable = records.filter(isUsable)
  return usable.filter(
    one =>
      one.matching !== SHA256 ||
      !usable.some(
        other =>
          other.matching === SHA512 && other.usage === one.usage && other.selector === one.selector,
      ),
  )
}

function isUsable({ usage, selector, matching, data }: Tlsa): boolean {
  if (usage !== TRUST_ANCHOR && usage !== END_ENTITY) return false
  if (selector !== CERTIFICATE && selector !== KEY) return false
  if (matching !== FULL) return DIGEST.get(matching) === data.length / 2
  return inFull(selector, data) !== undefined
}

/** The key of a record that has the whole certificate or the whole key; undefined where it cannot be read. */
function inFull(selector: number, data: string): KeyObject | undefined {
  const bytes = Buffer.from(data, 'hex')
  try {
    return selector === CERTIFICATE
      ? new X509Certificate(bytes).publicKey
      : createPublicKey({ key: bytes, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

export type ShownCertificate = {
  /** As the server sent them, its own first. */
  readonly chain: readonly X509Certificate[]
  /** One of which the certificate must have, where an authority vouches for it (RFC 7672 §3.2.2). */
  readonly names: readonly string[]
  readonly at: number
}

/** `usable`: from `usableTlsa`. */
export function isMatched(usable: readonly Tlsa[], shown: ShownCertificate): boolean {
  const chain = shown.chain.slice(0, MAX_CHAIN)
  const [own] = chain
  if (!own) return false
  // Of DANE-EE neither name nor dates count (RFC 7672 §3.1.1).
  if (usable.some(one => one.usage === END_ENTITY && isOf(one, own))) return true
  const anchors = usable.filter(one => one.usage === TRUST_ANCHOR)
  return (
    anchors.length > 0 &&
    shown.names.some(name => own.checkHost(name, { partialWildcards: false }) !== undefined) &&
    isAnchored(anchors, linked(chain), shown.at)
  )
}

/** Whether one of these vouches for the first of the chain, by those between, all of them valid now. */
function isAnchored(
  anchors: readonly Tlsa[],
  links: readonly X509Certificate[],
  at: number,
): boolean {
  for (const [i, one] of links.entries()) {
    if (!isValid(one, at) || (i > 0 && !one.ca)) return false
    if (i > 0 && anchors.some(anchor => isOf(anchor, one))) return true
    // An authority that is in the record in full need not be sent.
    if (anchors.some(anchor => isSignedBy(anchor, one))) return true
  }
  return false
}

const isValid = (one: X509Certificate, at: number): boolean =>
  one.validFromDate.getTime() <= at && at < one.validToDate.getTime()

function isSignedBy({ selector, matching, data }: Tlsa, one: X509Certificate): boolean {
  const key = matching === FULL ? inFull(selector, data) : undefined
  return key !== undefined && one.verify(key)
}

/** The first, what has signed it, and so on, in whatever order they were sent. */
function linked(sent: readonly X509Certificate[]): readonly X509Certificate[] {
  const links = sent.slice(0, 1)
  for (let last = links[0]; last; ) {
    const below: X509Certificate = last
    last = sent.find(
      one => !links.includes(one) && below.checkIssued(one) && below.verify(one.publicKey),
    )
    if (last) links.push(last)
  }
  return links
}

function isOf({ selector, matching, data }: Tlsa, certificate: X509Certificate): boolean {
  const bytes =
    selector === CERTIFICATE
      ? certificate.raw
      : certificate.publicKey.export({ type: 'spki', format: 'der' })
  if (matching === FULL) return bytes.toString('hex') === data
  return (
    createHash(matching === SHA256 ? 'sha256' : 'sha512')
      .update(bytes)
      .digest('hex') === data
  )
}
