// Where the owner of a domain wants to have its DMARC reports: `rua=` of a record (RFC 9990, RFC 9989 §4.7).

import { eachOnce, mailAddressIn } from '../report-readers.ts'

export type ReportAddress = {
  readonly to: string
  /** Bytes of a mail that it takes (`!10m`, RFC 7489 §6.2; its successor ignores it). */
  readonly most?: number
}

/** RFC 9989 §4.7: the version is the first tag. */
const VERSION = /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/

/** RFC 7489 §6.2: at least two. */
const MOST_ADDRESSES = 2

/** The records that are of DMARC. */
export const dmarcRecords = (texts: readonly string[]): readonly string[] =>
  texts.map(text => text.trim()).filter(text => VERSION.test(text))

/** In their order; those that mail cannot go to are left out. */
export function reportAddresses(record: string): readonly ReportAddress[] {
  const rua = record
    .split(';')
    .map(tag => tag.trim())
    .find(tag => /^rua[ \t]*=/.test(tag))
  const found = (rua?.slice(rua.indexOf('=') + 1) ?? '')
    .split(',')
    .flatMap(uri => addressIn(uri.trim()))
  return eachOnce(found, one => one.to).slice(0, MOST_ADDRESSES)
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
}

function addressIn(uri: string): readonly ReportAddress[] {
  // A `!` in an address is written %21.
  const [, written = '', size, unit = ''] =
    /^mailto:([^?!]+)(?:\?[^!]*)?(?:!(\d{1,9})([kmgt]?))?$/i.exec(uri) ?? []
  const to = mailAddressIn(written)
  if (to === undefined) return []
  if (size === undefined) return [{ to }]
  return [{ to, most: Number(size) * (UNITS[unit.toLowerCase()] ?? 1) }]
}
