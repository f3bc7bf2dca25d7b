// The organisation that sent a report: only where DMARC says that it did. All else in a mail can be written by an outsider.

import { authorsOf } from '../authors.ts'
import { parseHeader } from '../header.ts'
import { STORED } from '../header-end.ts'
import { organisationalDomain } from '../organisational-domain.ts'
import { ReadingBudget } from '../reading-budget.ts'
import { domainOf } from '../../model/mail-address.ts'

/** Work of reading From. */
const STEPS = 256 * 1024

/** `headers`: the lines that we put in front of the mail when it came. The domain of its author, if it passed DMARC then. */
export function reporterOf(headers: string, raw: Buffer): string | undefined {
  const domain = authorDomain(raw)
  return domain !== undefined && passedDmarc(headers) ? organisationalDomain(domain) : undefined
}

/** Undefined unless every program reads the same one address there. */
function authorDomain(raw: Buffer): string | undefined {
  const { addresses, clear } = authorsOf(
    parseHeader(raw, STORED).fields,
    'from',
    new ReadingBudget(STEPS),
  )
  const [only] = addresses
  return clear && addresses.length === 1 && only !== undefined ? domainOf(only) : undefined
}

/** The result that stands last in our own Authentication-Results, the first field of the lines. */
function passedDmarc(headers: string): boolean {
  const [own = ''] = /^Authentication-Results:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*/i.exec(headers) ?? []
  const results = own.match(/;\s{0,10}dmarc=[a-z]{1,20}\b/g) ?? []
  return results.at(-1)?.endsWith('dmarc=pass') ?? false
}
