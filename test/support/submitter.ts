// A mail program that submits one message with TLS and a password; XCLIENT says where it sits, as a front server would.

import { talk } from './smtp-talk.ts'

export type Submitted = {
  readonly port: number
  /** With TLS from the first byte on (port 465), not after STARTTLS. */
  readonly wrapped?: boolean
  readonly login: string
  readonly password?: string
  readonly address?: string
  readonly to: readonly string[]
  readonly subject?: string
}

/** The reply to the end of the message, or the first refusal before it. */
export async function submits({
  port,
  wrapped = false,
  login,
  password = 'secret',
  address,
  to,
  subject = 'hello',
}: Submitted): Promise<string> {
  const session = await talk(port, '127.0.0.1', { wrapped })
  const say = async (...lines: readonly string[]): Promise<string | undefined> => {
    for (const line of lines) {
      const reply = await session.say(`${line}\r\n`)
      if (!/^[23]/.test(reply)) return reply
    }
    return undefined
  }
  try {
    const hello = 'EHLO laptop.example'
    const greeted = await say(hello, ...(wrapped ? [] : ['STARTTLS']))
    if (greeted) return greeted
    if (!wrapped) await session.secure()
    const plain = Buffer.from(`\0${login}\0${password}`).toString('base64')
    const refused = await say(
      hello,
      ...(address === undefined ? [] : [`XCLIENT ADDR=${address}`, hello]),
      `AUTH PLAIN ${plain}`,
      `MAIL FROM:<${login}>`,
      ...to.map(one => `RCPT TO:<${one}>`),
      'DATA',
    )
    return (
      refused ?? (await session.say(`From: ${login}\r\nSubject: ${subject}\r\n\r\nhello\r\n.\r\n`))
    )
  } finally {
    session.end()
  }
}
