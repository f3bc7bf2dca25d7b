// A delivery status notification (RFC 3464): what became of a message, for its sender and for the sender's program.

import MimeNode from 'nodemailer/lib/mime-node'
import { mailDate } from './trace.ts'

export type FailedRecipient = {
  readonly address: string
  /** RFC 3463 status, class 5. */
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
  readonly failed: readonly FailedRecipient[]
}

/** The report, to be sent with the null sender, so that it can never be answered by another (RFC 5321 §6.1). */
export function buildDsn(dsn: Dsn): Promise<Buffer> {
  const root = new MimeNode('multipart/report; report-type=delivery-status', { newline: '\r\n' })
  root.setHeader({
    From: { name: 'Mail delivery', address: `postmaster@${dsn.ourName}` },
    To: dsn.to,
    Subject: `Not delivered: ${dsn.subject}`,
    Date: new Date(dsn.at),
    'Message-ID': `<${dsn.messageId}>`,
    'Auto-Submitted': 'auto-replied',
  })
  root.createChild('text/plain; charset=utf-8').setContent(explanation(dsn))
  root.createChild('message/delivery-status').setContent(status(dsn))
  return root.build()
}

function explanation(dsn: Dsn): string {
  const rows = dsn.failed.map(one => `  ${one.address}\n    ${one.answer}`)
  return [
    'Your message could not be delivered to:',
    '',
    ...rows,
    '',
    `Subject: ${dsn.subject}`,
    `Sent: ${mailDate(dsn.arrivedAt)}`,
    '',
    'The other recipients, if any, are not affected. Nothing more will be tried.',
    '',
  ].join('\n')
}

function status(dsn: Dsn): string {
  const perMessage = [
    `Reporting-MTA: dns; ${dsn.ourName}`,
    `Arrival-Date: ${mailDate(dsn.arrivedAt)}`,
  ]
  const perRecipient = dsn.failed.map(one =>
    [
      `Final-Recipient: rfc822; ${one.address}`,
      'Action: failed',
      `Status: ${one.status}`,
      ...(one.relay ? [`Remote-MTA: dns; ${one.relay}`] : []),
      `Diagnostic-Code: smtp; ${one.answer.replace(/[\r\n]+/g, ' ')}`,
    ].join('\r\n'),
  )
  return [perMessage.join('\r\n'), ...perRecipient].join('\r\n\r\n')
}
