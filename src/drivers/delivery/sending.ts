// One message on its way to one server, and what is answered for each recipient.

import type { RecipientParameters, EsmtpParameters } from '../../model/esmtp-parameters.ts'

export type Sending = {
  readonly sender: string
  readonly recipients: readonly string[]
  readonly size: number
  readonly esmtp: EsmtpParameters
  /** The same for all of these recipients. */
  readonly recipientEsmtp: RecipientParameters
  readonly body: () => Promise<AsyncIterable<Uint8Array>>
  /** The same without our own ARC seal in front, where it has one: a conversion would break the seal, and mail goes before it. */
  readonly unsealed?: Pick<Sending, 'size' | 'body'>
}

/** Per recipient: a reply code and text. Code 0 when there was no reply at all. */
export type Reply = { readonly code: number; readonly text: string }
