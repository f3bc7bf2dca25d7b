// Messages Cordon writes itself: notices to owners.

import MimeNode from 'nodemailer/lib/mime-node'

export type Letter = {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly at: number
  readonly messageId: string
}

/** A plain-text message in UTF-8, marked as written by a machine (RFC 3834), so that no vacation program answers. */
export function compose(letter: Letter): Promise<Buffer> {
  return new MimeNode('text/plain; charset=utf-8', { newline: '\r\n' })
    .setHeader({
      From: letter.from,
      To: letter.to,
      Subject: letter.subject,
      Date: new Date(letter.at),
      'Message-ID': `<${letter.messageId}>`,
      'Auto-Submitted': 'auto-generated',
    })
    .setContent(letter.text)
    .build()
}
