// Names of mailboxes as people read them: modified UTF-7 (RFC 3501 §5.1.3) is decoded, UTF-8 (RFC 9051) read, and INBOX has no case. Pure.

import { decodeUtf7 } from '../../mail/mime/utf-7.ts'
import { normalForm } from '../../model/normal-form.ts'

/** `name`: one character a byte, as it stood in a command. */
export function mailboxName(name: string): string {
  const text = /[\x80-\xff]/.test(name)
    ? Buffer.from(name, 'latin1').toString('utf8')
    : name.replaceAll(/&([A-Za-z0-9+,]*)-/g, (_, shifted: string) =>
        shifted === ''
          ? '&'
          : decodeUtf7(Buffer.from(`+${shifted.replaceAll(',', '/')}-`, 'latin1')),
      )
  return folded(text)
}

/** The same of a name that the configuration says. */
export const folded = (text: string): string =>
  (normalForm(text, 'NFC') ?? text).replace(/^inbox(?=$|[./])/i, 'INBOX')

/** A name of ours, as it is said to the back end: in modified UTF-7, quoted. */
export function quotedMailbox(name: string): string {
  const encoded = name.replaceAll(/&|[^ -~]+/gu, part =>
    part === '&' ? '&-' : `&${inBase64(part)}-`,
  )
  return `"${encoded.replaceAll(/["\\]/g, '\\$&')}"`
}

const inBase64 = (text: string): string =>
  Buffer.from(text, 'utf16le').swap16().toString('base64').replaceAll('=', '').replaceAll('/', ',')
