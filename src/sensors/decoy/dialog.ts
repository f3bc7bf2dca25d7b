// What a decoy says: an SMTP server (RFC 5321) that takes whatever it is given and delivers nothing. Pure: lines in, replies out. It
// is no door: nothing here is judged, and no mail can be lost, because no sender means mail for an address that was never used.

import type { Offered } from '../../mail/sasl/plain.ts'
import { domainOf } from '../../model/mail-address.ts'
import { type Offering, offeredIn } from './offered.ts'

export type DecoyTold = {
  readonly helo: string
  readonly senderDomain: string
  readonly recipientDomains: readonly string[]
  readonly recipients: number
}

export type Dialog = {
  readonly name: string
  readonly helo: string
  readonly sender: string | undefined
  readonly recipientDomains: readonly string[]
  readonly recipients: number
  /** Lines of a login and password that are still to come, and what came. */
  readonly secrets: number
  readonly offering?: Offering
  readonly lines: number
}

export type DecoyAnswer = {
  readonly dialog: Dialog
  readonly say: string
  /** `data`: what follows is a message. */
  readonly then?: 'data' | 'close'
  /** A login and its password: to be looked at once, and kept nowhere. */
  readonly offered?: Offered
}

/** No client that means to send mail says so many lines without any. */
const MAX_LINES = 2000
const MAX_DOMAINS = 20

export const greeting = (name: string): { dialog: Dialog; say: string } => ({
  dialog: {
    name,
    helo: '',
    sender: undefined,
    recipientDomains: [],
    recipients: 0,
    secrets: 0,
    lines: 0,
  },
  say: `220 ${name} ESMTP\r\n`,
})

export function hear(before: Dialog, line: string): DecoyAnswer {
  const dialog = { ...before, lines: before.lines + 1 }
  if (dialog.lines > MAX_LINES)
    return { dialog, say: '421 4.7.0 Too many commands\r\n', then: 'close' }
  if (dialog.secrets > 0) return secret({ ...dialog, secrets: dialog.secrets - 1 }, line)
  const [verb = '', rest = ''] = /^(\S*)\s?(.*)/s.exec(line)?.slice(1) ?? []
  switch (verb.toUpperCase()) {
    case 'HELO':
      return { dialog: { ...dialog, helo: rest.slice(0, 255) }, say: `250 ${dialog.name}\r\n` }
    case 'EHLO':
      return {
        dialog: { ...dialog, helo: rest.slice(0, 255) },
        say: `250-${dialog.name}\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 10485760\r\n`,
      }
    case 'AUTH':
      return auth(dialog, rest)
    case 'MAIL':
      return {
        dialog: { ...dialog, sender: address(rest), recipients: 0, recipientDomains: [] },
        say: '250 2.1.0 Ok\r\n',
      }
    case 'RCPT':
      if (dialog.sender === undefined)
        return { dialog, say: '503 5.5.1 Bad sequence of commands: need MAIL command\r\n' }
      return { dialog: withRecipient(dialog, address(rest)), say: '250 2.1.5 Ok\r\n' }
    case 'DATA':
      if (dialog.recipients === 0)
        return { dialog, say: '503 5.5.1 Bad sequence of commands: need RCPT command\r\n' }
      return { dialog, say: '354 End with a dot\r\n', then: 'data' }
    case 'RSET':
      return { dialog: over(dialog), say: '250 2.0.0 Ok\r\n' }
    case 'NOOP':
    case 'VRFY':
      return { dialog, say: '250 2.0.0 Ok\r\n' }
    case 'QUIT':
      return { dialog, say: '221 2.0.0 Bye\r\n', then: 'close' }
    default:
      return { dialog, say: '500 5.5.2 Command not recognized\r\n' }
  }
}

/**
 * How a program that means to send mail begins (RFC 5321 §4.1.1.1). Others can make a line connect: a page that makes a program fetch
 * `http://decoy:25/`, a stranger that names the decoy as a peer to share files with. A session that begins otherwise proves nothing.
 */
export const isMailClient = (firstLine: string): boolean =>
  /^(?:HELO|EHLO)(?:\s|$)|^MAIL FROM:/i.test(firstLine)

/** After the dot. */
export const over = (dialog: Dialog): Dialog => ({
  ...dialog,
  sender: undefined,
  recipients: 0,
  recipientDomains: [],
})

export const toldOf = ({ helo, sender = '', recipientDomains, recipients }: Dialog): DecoyTold => ({
  helo,
  senderDomain: domainOf(sender).slice(0, 255),
  recipientDomains,
  recipients,
})

function auth(dialog: Dialog, rest: string): DecoyAnswer {
  const [mechanism = '', initial] = rest.trim().split(/\s+/)
  const left = mechanism.toUpperCase() === 'LOGIN' ? 2 : 1
  const missing = initial === undefined ? left : left - 1
  const offering = {
    mechanism: mechanism.toUpperCase(),
    said: initial === undefined ? [] : [initial],
  }
  return missing > 0
    ? { dialog: { ...dialog, secrets: missing, offering }, say: '334 \r\n' }
    : taken(dialog, offering)
}

function secret(dialog: Dialog, line: string): DecoyAnswer {
  const { mechanism = '', said = [] } = dialog.offering ?? {}
  const offering = { mechanism, said: [...said, line.trim()] }
  return dialog.secrets > 0
    ? { dialog: { ...dialog, offering }, say: '334 \r\n' }
    : taken(dialog, offering)
}

/** Whatever it is, the answer is the same. */
function taken({ offering: _kept, ...dialog }: Dialog, offering: Offering): DecoyAnswer {
  const offered = offeredIn(offering)
  return { dialog, say: '235 2.7.0 Ok\r\n', ...(offered ? { offered } : {}) }
}

function withRecipient(dialog: Dialog, to: string): Dialog {
  const domain = domainOf(to).slice(0, 255)
  const known = dialog.recipientDomains
  const recipientDomains =
    known.includes(domain) || known.length >= MAX_DOMAINS ? known : [...known, domain]
  return { ...dialog, recipients: dialog.recipients + 1, recipientDomains }
}

const address = (rest: string): string => /<([^<>]{0,512})>/.exec(rest)?.[1] ?? ''
