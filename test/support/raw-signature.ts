// Signs as somebody who lies would: DKIM (RFC 6376) and ARC (RFC 8617) with any bytes in any tag, where a library refuses to.

import { createHash, createSign } from 'node:crypto'

/** `tags`: what stands in the signature besides `bh` and `b`, in order. One character a byte, lines ended by CR LF. */
export type Tags = Readonly<Record<string, string>>

const relaxed = (field: string): string => {
  const colon = field.indexOf(':')
  const value = field.slice(colon + 1).replaceAll(/\r\n(?=[ \t])/g, '')
  return `${field.slice(0, colon).toLowerCase()}:${value.replaceAll(/[ \t]+/g, ' ').trim()}`
}

const signed = (text: string, key: string): string =>
  createSign('sha256').update(Buffer.from(text, 'latin1')).sign(key, 'base64')

/** The message with a field `name` in front that signs its From, Subject and body, or the first `l` bytes of it. */
export function rawSignature(
  message: string,
  { tags, key, name = 'DKIM-Signature' }: { tags: Tags; key: string; name?: string },
): string {
  const end = message.indexOf('\r\n\r\n')
  // RFC 6376 §3.4.4, for bodies without blank lines or doubled spaces at their ends.
  const body = message.slice(end + 4, tags.l === undefined ? undefined : end + 4 + Number(tags.l))
  const bh = createHash('sha256').update(Buffer.from(body, 'latin1')).digest('base64')
  const written = Object.entries({ ...tags, bh }).map(([tag, value]) => `${tag}=${value}; `)
  const field = `${name}: ${written.join('')}b=`
  const fields = message.slice(0, end).split('\r\n')
  const covered = (tags.h ?? 'from:subject')
    .split(':')
    .flatMap(one => fields.findLast(field => field.toLowerCase().startsWith(`${one}:`)) ?? [])
  const text = [...covered, field].map(relaxed).join('\r\n')
  return `${field}${signed(text, key)}\r\n${message}`
}

/** The message with one ARC set in front, of what `results` claims; `seal` are the tags of the ARC-Seal, `tags` of the other. */
export function rawArcSet(
  message: string,
  { tags, seal, key, results }: { tags: Tags; seal: Tags; key: string; results: string },
): string {
  const inner = rawSignature(message, { tags, key, name: 'ARC-Message-Signature' })
  return rawSeal(inner, { seal, key, results })
}

/** The message, which begins with an ARC-Message-Signature, with the two other fields of its set. */
export function rawSeal(
  message: string,
  { seal, key, results }: { seal: Tags; key: string; results: string },
): string {
  const [signature = ''] = message.split('\r\n', 1)
  const found = `ARC-Authentication-Results: i=1; ${results}`
  const written = Object.entries(seal).map(([tag, value]) => `${tag}=${value}; `)
  const field = `ARC-Seal: ${written.join('')}b=`
  const text = [found, signature, field].map(relaxed).join('\r\n')
  return `${field}${signed(text, key)}\r\n${found}\r\n${message}`
}
