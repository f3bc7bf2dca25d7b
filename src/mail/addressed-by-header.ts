// To whom a message goes that comes without an envelope, and what of its header is not for them: over the connection that mail is read with,
// To, Cc and Bcc are all that is said. Pure. Not the reading by which mail is judged: that is summary.ts, of the bytes that are stored.

import { parseMailAddress } from '../model/mail-address.ts'
import { addressList } from './address-list.ts'

export type Addressed = {
  /** In the order of the header, each once. */
  readonly recipients: readonly string[]
  /** The header with its empty line, without what is not for recipients. One character a byte, each line with CR LF. */
  readonly header: string
  /** Why it cannot be sent so; for its author. */
  readonly wrong?: string
}

const RECIPIENTS: ReadonlySet<string> = new Set(['to', 'cc', 'bcc'])

/** What mail programs keep in drafts for themselves, and what says where a copy of it lay. */
const PRIVATE =
  /^(?:bcc|fcc|x-mozilla-.*|x-identity-key|x-account-key|x-uidl?|x-tuid|x-keywords|x-status|status|return-path)$/

const FIELD = /^([!-9;-~]+)[ \t]*:/

/** `header`: up to and with the empty line, one character a byte, each line with CR LF. */
export function addressedByHeader(header: string): Addressed {
  const kept: string[] = []
  const recipients = new Map<string, string>()
  let wrong: string | undefined
  for (const field of fieldsOf(header)) {
    const name = FIELD.exec(field)?.[1]?.toLowerCase() ?? ''
    if (!PRIVATE.test(name)) kept.push(field)
    if (/^resent-(?:to|cc|bcc)$/.test(name))
      wrong ??= 'it is a redirected message (Resent-To): forward it as a new one'
    if (!RECIPIENTS.has(name)) continue
    const list = listIn(field)
    if ('wrong' in list) {
      wrong ??= `its ${name} cannot be read to the end: ${shown(list.wrong)}`
      continue
    }
    for (const address of list.addresses) {
      const parsed = parseMailAddress(address)
      if (!parsed) wrong ??= `${shown(address)} in its ${name} is not a mail address`
      else recipients.set(`${parsed.local}@${parsed.domain}`, '')
    }
  }
  if (recipients.size === 0) wrong ??= 'it has no recipient in To, Cc or Bcc'
  const found = { recipients: [...recipients.keys()], header: kept.join('') }
  return wrong === undefined ? found : { ...found, wrong }
}

/** Fields with the lines they go on in; the empty line is the last. */
function fieldsOf(header: string): readonly string[] {
  const fields: string[] = []
  for (const line of header.split(/(?<=\r\n)/)) {
    const goesOn = line.startsWith(' ') || line.startsWith('\t')
    if (goesOn && fields.length > 0) fields.push(`${fields.pop()}${line}`)
    else fields.push(line)
  }
  return fields
}

const listIn = (field: string) =>
  addressList(
    Buffer.from(field.slice(field.indexOf(':') + 1), 'latin1')
      .toString('utf8')
      .replaceAll('\r\n', ''),
  )

/** Addresses are shown with at most this many characters. */
const MAX_SHOWN = 100
const shown = (address: string): string => address.slice(0, MAX_SHOWN).replaceAll(/[^ -~]/g, '?')
