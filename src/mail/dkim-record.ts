// The record of a DKIM key in the DNS (RFC 6376 §3.6.1, RFC 8463 for Ed25519), as a line of a zone file.

import { createPublicKey } from 'node:crypto'
import { dkimKind, dkimSlip, dkimTags } from './dkim-key-tags.ts'
import type { DkimKey } from './dkim-sign.ts'

/** Bytes of the longest string in a TXT record (RFC 1035 §3.3). */
const LONGEST = 255
/** Bytes before the key itself in the DER form of an Ed25519 public key. */
const ED25519_HEAD = 12

/** `v=DKIM1; k=rsa; p=…`. Throws where that is no private key in PEM, or of another kind. */
export function dkimRecord(privateKey: string): string {
  const key = createPublicKey(privateKey)
  const der = key.export({ type: 'spki', format: 'der' })
  if (key.asymmetricKeyType === 'rsa') return `v=DKIM1; k=rsa; p=${der.toString('base64')}`
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`DKIM has no keys of the kind ${key.asymmetricKeyType}.`)
  return `v=DKIM1; k=ed25519; p=${der.subarray(ED25519_HEAD).toString('base64')}`
}

/** Whether receivers that find this TXT record verify with this key. One without a key (`p=;`) takes the key back. */
export function isDkimRecordOf(text: string, privateKey: string): boolean {
  const [found, own] = [dkimTags(text), dkimTags(dkimRecord(privateKey))]
  return (
    dkimSlip(found) === undefined &&
    dkimKind(found) === dkimKind(own) &&
    found.get('p') === own.get('p')
  )
}

/** For a zone file: the record is longer than one string of it. */
export function dkimZoneLine({ domain, selector, privateKey }: DkimKey): string {
  const record = dkimRecord(privateKey)
  const strings = Array.from({ length: Math.ceil(record.length / LONGEST) }, (_, i) =>
    record.slice(i * LONGEST, (i + 1) * LONGEST),
  )
  return `${selector}._domainkey.${domain}. 3600 IN TXT ( ${strings.map(one => `"${one}"`).join(' ')} )`
}
