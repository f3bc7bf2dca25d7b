// Links that hide where they lead: letters or digits of the host written as %6d, that twice over, the host as one number, or
// with octal or hexadecimal parts. AOL refused them. Escapes in a path, and names in other scripts, are innocent.

import { isAscii } from '../../model/mail-address.ts'
import { normalForm, streamSafe } from '../../model/normal-form.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

export function encodedUrl(mode: Mode): Rule {
  return {
    name: 'encoded-url',
    about: 'No link hides its host behind escapes or numbers.',
    reasons: ['hidden-link'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    decide: (step: AttributedStep) =>
      step.message?.linkHosts.some(hides) ? { kind: 'reject', reason: 'hidden-link' } : undefined,
  }
}

/** `authority` as it stands in the link: user, host and port (RFC 3986 §3.2). */
export function hides(authority: string): boolean {
  const written = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '')
  const host = shown(written)
  // Of ASCII letters, digits and the dot; %25 is the percent sign of another escape.
  if (/%(?:2e|3[0-9]|[46][1-9a-f]|[57][0-9a])/i.test(host) || /%25/.test(host)) return true
  // One number, or up to three, or four that a browser reads in another base than people do.
  const parts = host.split('.')
  const numeric = parts.every(part => /^(?:\d+|0x[0-9a-f]+)$/i.test(part))
  // So do digits of other scripts.
  if (numeric && !isAscii(written)) return true
  return numeric && (parts.length < 4 || parts.some(part => /^0(?:x|\d)/i.test(part)))
}

/** As a browser reads it (UTS 46): in letters and digits of the usual width, without marks that are not seen and a dot at its end. */
function shown(host: string): string {
  return (normalForm(streamSafe(host), 'NFKC') ?? host)
    .replaceAll(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .replaceAll('\u3002', '.')
    .replace(/\.$/, '')
}
