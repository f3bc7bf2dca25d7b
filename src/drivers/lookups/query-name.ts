// Which names may be asked of the DNS. What is not legal is never sent: c-ares ends a name at a NUL, takes `a\.b` for one label, folds
// full-width letters to plain ones and asks the root for what it cannot read, so that another name would be asked than the one that
// is then believed. Not a check of host names: an underscore is legal here (`_dmarc`, `_domainkey`).

import { domainToASCII, domainToUnicode } from 'node:url'
import { normalForm } from '../../model/normal-form.ts'

/** RFC 1035 §2.3.4: a label has at most 63 octets; 255 octets on the wire are 253 characters. */
const LABEL = /^[A-Za-z0-9_-]{1,63}$/
const MAX_NAME = 253

/**
 * The name as it may be asked, with A-labels in the place of U-labels (RFC 5890 §2.3.2.1, RFC 8616). Undefined when it is not legal:
 * anything but letters, digits, hyphens and underscores, an empty label (so no dot at either end), or too long.
 */
export function queryName(name: string): string | undefined {
  // A character of Unicode has two units at most and never becomes shorter than one octet.
  if (name.length > 2 * MAX_NAME) return undefined
  const labels: string[] = []
  for (const label of name.split('.')) {
    const ascii = LABEL.test(label) ? label : aLabel(label)
    if (ascii === undefined) return undefined
    labels.push(ascii)
  }
  const whole = labels.join('.')
  return whole.length <= MAX_NAME ? whole : undefined
}

export const isQueryName = (name: string): boolean => queryName(name) !== undefined

/**
 * A U-label is what comes back unchanged from its A-label. The mapping of UTS 46 does more: it makes dots of full stops of other
 * scripts, plain letters of full-width ones, and what `%41` stands for; such a label is not the name that it turns into.
 */
function aLabel(label: string): string | undefined {
  const plain = normalForm(label, 'NFC')?.toLowerCase()
  if (plain === undefined) return undefined
  const ascii = domainToASCII(plain)
  const real = ascii.startsWith('xn--') && LABEL.test(ascii) && plain !== ascii
  return real && domainToUnicode(ascii) === plain ? ascii : undefined
}
