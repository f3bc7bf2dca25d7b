// A delivery status notification (RFC 3464): what became of a message, for its sender and for the sender's program.

import { parseIp } from '../model/ip.ts'
import MimeNode from 'nodemailer/lib/mime-node'
import { isAscii } from '../model/mail-address.ts'
import { mailDate } from './trace.ts'

export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed'

export type Reported = {
  readonly address: string
  /** ORCPT as the sender's program gave it: `rfc822;anna@example.org`. */
  readonly original?: string
  readonly action: Action
  /** RFC 3463. */
  readonly status: string
  /** What the other server answered, as it stood. */
  readonly answer: string
  readonly relay?: string
}

export type Dsn = {
  readonly ourName: string
  readonly to: string
  readonly at: number
  readonly messageId: string
  readonly subject: string
  readonly arrivedAt: number
  /** ENVID, decoded. */
  readonly envelopeId?: string
  /** All with the same action. */
  readonly reported: readonly Reported[]
  /** Of the message itself: all of it, or its header. */
  readonly original?: { readonly part: 'full' | 'headers'; readonly bytes: Uint8Array }
  /** When delivery is given up. */
  readonly expires: number
}

const WORDS: Readonly<Record<Action, { subject: string; opening: string; closing: string }>> = {
  failed: {
    subject: 'Not delivered',
    opening: 'Your message could not be delivered to:',
    closing: 'The other recipients, if any, are not affected. Nothing more will be tried.',
  },
  delayed: {
    subject: 'Delayed',
    opening: 'Your message has not been delivered yet to:',
    closing: 'You need not do anything: we go on trying.',
  },
  delivered: {
    subject: 'Delivered',
    opening: 'Your message is in the mailbox of:',
    closing: 'That says nothing about whether anybody has read it.',
  },
  relayed: {
    subject: 'Passed on',
    opening: 'Your message was taken by the next server for:',
    closing: 'That server does not report on delivery, so this is the last you hear of it from us.',
  },
}

/** The report, to be sent with the null sender, so that it can never be answered by another (RFC 5321 §6.1). */
export function buildDsn(dsn: Dsn): Promise<Buffer> {
  const action = dsn.reported[0]?.action ?? 'failed'
  const root = new MimeNode('multipart/report; report-type=delivery-status', { newline: '\r\n' })
  root.setHeader({
    From: { name: 'Mail delivery', address: `postmaster@${dsn.ourName}` },
    To: dsn.to,
    Subject: `${WORDS[action].subject}: ${dsn.subject}`,
    Date: new Date(dsn.at),
    'Message-ID': `<${dsn.messageId}>`,
    'Auto-Submitted': 'auto-replied',
  })
  root.createChild('text/plain; charset=utf-8').setContent(explanation(dsn, action))
  // RFC 6533 §3: the same report where an address has more than ASCII.
  const global = !dsn.reported.every(one => isAscii(one.address))
  root
    .createChild(global ? 'message/global-delivery-status' : 'message/delivery-status')
    .setContent(status(dsn))
  if (dsn.original) {
    const type = dsn.original.part === 'full' ? 'message/rfc822' : 'text/rfc822-headers'
    root.createChild(type).setContent(Buffer.from(dsn.original.bytes))
  }
  return root.build()
}

function explanation(dsn: Dsn, action: Action): string {
  const rows = dsn.reported.map(one => `  ${one.address}\n    ${one.answer}`)
  return [
    WORDS[action].opening,
    '',
    ...rows,
    '',
    `Subject: ${dsn.subject}`,
    `Sent: ${mailDate(dsn.arrivedAt)}`,
    '',
    WORDS[action].closing,
    '',
  ].join('\n')
}

function status(dsn: Dsn): string {
  const perMessage = [
    ...(dsn.envelopeId === undefined ? [] : [`Original-Envelope-Id: ${oneLine(dsn.envelopeId)}`]),
    `Reporting-MTA: dns; ${dsn.ourName}`,
    `Arrival-Date: ${mailDate(dsn.arrivedAt)}`,
  ]
  const perRecipient = dsn.reported.map(one => {
    const type = isAscii(one.address) ? 'rfc822' : 'utf-8'
    return [
      ...(one.original ? [`Original-Recipient: ${oneLine(one.original)}`] : []),
      `Final-Recipient: ${type}; ${one.address}`,
      `Action: ${one.action}`,
      `Status: ${one.status}`,
      ...remoteMta(one.relay),
      `Diagnostic-Code: smtp; ${oneLine(one.answer)}`,
      ...(one.action === 'delayed' ? [`Will-Retry-Until: ${mailDate(dsn.expires)}`] : []),
    ].join('\r\n')
  })
  return [perMessage.join('\r\n'), ...perRecipient].join('\r\n\r\n')
}

/** RFC 3464 §2.3.5: a name, or an address in brackets; neither where no server was asked, or one of our own by a socket. */
function remoteMta(relay = ''): readonly string[] {
  const host = /^(.+):\d{1,5}$/.exec(relay)?.[1]?.replace(/^\[|\]$/g, '')
  if (host === undefined || host.includes('/')) return []
  const ip = parseIp(host)
  const name = ip === undefined ? host : ip.family === 6 ? `[IPv6:${host}]` : `[${host}]`
  return [`Remote-MTA: dns; ${name}`]
}

const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ')
