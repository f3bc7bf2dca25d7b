// A server from outside that hands over one message: XCLIENT says where it comes from, as a front server would.

import { talk } from './smtp-talk.ts'

export type Stranger = {
  readonly address?: string
  readonly helo?: string
  /** Logged in, as the front server says. */
  readonly login?: string
  readonly sender?: string
  readonly to?: readonly string[]
}

/** The reply to the end of the message, or the first refusal before it. Lines may end in LF. */
export async function strangerSends(
  port: number,
  message: string,
  given: Stranger = {},
): Promise<string> {
  const { address = '198.51.100.7', helo = 'mx.meadow.example', login } = given
  const { sender = 'ann@meadow.example', to = ['sink@isp.example'] } = given
  const session = await talk(port)
  try {
    const opening = [
      'EHLO front.isp.example',
      `XCLIENT ADDR=${address}${login ? ` LOGIN=${login}` : ''}`,
      `EHLO ${helo}`,
      `MAIL FROM:<${sender}>`,
      ...to.map(one => `RCPT TO:<${one}>`),
      'DATA',
    ]
    for (const line of opening) {
      const reply = await session.say(`${line}\r\n`)
      if (!/^[23]/.test(reply)) return reply
    }
    const bytes = message.replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..')
    return await session.say(Buffer.from(`${bytes}\r\n.\r\n`, 'latin1'))
  } finally {
    session.end()
  }
}
