// Parameters of MAIL and RCPT: BODY (RFC 6152), SMTPUTF8 (RFC 6531), REQUIRETLS (RFC 8689), RET, ENVID,
// NOTIFY and ORCPT (RFC 3461). What was not offered is not understood.

import { decodeXtext } from '../../mail/xtext.ts'
import {
  NOTIFY,
  type Notify,
  type RecipientParameters,
  type EsmtpParameters,
} from '../../model/esmtp-parameters.ts'
import type { Parameters } from './path.ts'
import type { Setup, State } from './state.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
/** `problem`: the whole reply line that says what is wrong. */
type Read<T> = { readonly esmtp: T } | { readonly problem: string }

/** Reports are for our own users: a stranger's server reports to its own, so that we never write to strangers. */
export const offersDsn = (setup: Setup): boolean => setup.listener !== 'inbound'

// RFC 3461 §4.4 and §4.2.
const MAX_ENVID = 100
const MAX_ORCPT = 500
// RFC 4954 §5.
const MAX_AUTH = 500

export function mailParameters(
  parameters: Parameters,
  state: State,
  setup: Setup,
): Read<EsmtpParameters> {
  const esmtp: Mutable<EsmtpParameters> = {}
  for (const [name, value = ''] of parameters) {
    const isSet = parameters.get(name) !== undefined
    if (name === 'BODY') {
      if (!/^(?:7BIT|8BITMIME)$/i.test(value)) return malformed(name)
      if (value.toUpperCase() === '8BITMIME') esmtp.eightBit = true
    } else if (name === 'SMTPUTF8' && !isSet) esmtp.utf8 = true
    else if (name === 'REQUIRETLS' && !isSet && state.tls) esmtp.requireTls = true
    else if (name === 'RET' && offersDsn(setup)) {
      if (!/^(?:FULL|HDRS)$/i.test(value)) return malformed(name)
      esmtp.returned = value.toUpperCase() === 'FULL' ? 'full' : 'headers'
    } else if (name === 'ENVID' && offersDsn(setup)) {
      if (!isXtext(asXtext(value), MAX_ENVID)) return malformed(name)
      esmtp.envelopeId = asXtext(value)
    } else if (name === 'AUTH') {
      // RFC 4954 §5: it must be understood, and we believe our own login instead.
      if (value !== '<>' && !isXtext(asXtext(value), MAX_AUTH)) return malformed(name)
    }
    // The MAIL command reads SIZE itself.
    else if (name !== 'SIZE') return notUnderstood(name)
  }
  return { esmtp }
}

export function rcptParameters(parameters: Parameters, setup: Setup): Read<RecipientParameters> {
  const esmtp: Mutable<RecipientParameters> = {}
  for (const [name, value = ''] of parameters) {
    if (name === 'NOTIFY' && offersDsn(setup)) {
      const notify = parseNotify(value)
      if (!notify) return malformed(name)
      esmtp.notify = notify
    } else if (name === 'ORCPT' && offersDsn(setup)) {
      if (!isOriginal(asXtext(value))) return malformed(name)
      esmtp.original = asXtext(value)
    } else return notUnderstood(name)
  }
  return { esmtp }
}

function parseNotify(value: string): readonly Notify[] | undefined {
  if (/^NEVER$/i.test(value)) return []
  const words = new Set(value.toLowerCase().split(','))
  const known = NOTIFY.filter(word => words.has(word))
  return known.length === words.size ? known : undefined
}

/** Programs leave `=` as it is (base64, SRS); it goes on as RFC 3461 §4 wants it. */
const asXtext = (value: string) => value.replaceAll('=', '+3D')

const isXtext = (value: string, most: number) =>
  value !== '' && value.length <= most && decodeXtext(value) !== undefined

/** `type;xtext`; the type is `rfc822` or, from RFC 6533, `utf-8`. */
function isOriginal(value: string): boolean {
  const [type = '', ...rest] = value.split(';')
  return /^[A-Za-z0-9-]+$/.test(type) && isXtext(rest.join(';'), MAX_ORCPT)
}

const notUnderstood = (name: string) => ({
  problem: `555 5.5.4 Unsupported option: ${name}\r\n`,
})

const malformed = (name: string) => ({ problem: `501 5.5.4 Bad ${name} parameter syntax\r\n` })
