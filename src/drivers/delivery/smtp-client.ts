// Hands one message to one server, for some of its recipients, and says what became of each.

import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Hop } from './routes.ts'

/** A server that keeps us longer than this is not going to take the message. */
const AT_MOST = 3_600_000

export type Sending = {
  readonly ourName: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly size: number
  readonly body: AsyncIterable<Uint8Array>
}

/** Per recipient: a reply code and text. Code 0 when there was no reply at all. */
export type Reply = { readonly code: number; readonly text: string }

type ReplyError = Error & {
  responseCode?: number
  response?: string
  recipient?: string
  rejectedErrors?: ReplyError[]
}

/** Never rejects. Every recipient gets an answer; a lost connection is code 0, to be tried again. */
export async function sendTo(hop: Hop, sending: Sending): Promise<ReadonlyMap<string, Reply>> {
  const connection = new SMTPConnection({
    host: hop.host,
    port: hop.port,
    name: sending.ourName,
    opportunisticTLS: true,
    // Between mail exchangers a certificate nobody vouches for still keeps listeners out (RFC 7435).
    tls: { rejectUnauthorized: false },
    connectionTimeout: 30_000,
    // RFC 5321 §4.5.3.2: five minutes for a greeting and for each reply, ten after the final dot.
    greetingTimeout: 5 * 60_000,
    socketTimeout: 10 * 60_000,
  })
  let patience: NodeJS.Timeout | undefined
  const lost = new Promise<never>((_, reject) => {
    connection.on('error', reject)
    patience = setTimeout(() => reject(new Error('took longer than an hour')), AT_MOST)
  })
  lost.catch(() => undefined)
  try {
    await Promise.race([
      lost,
      new Promise<void>((resolve, reject) => connection.connect(e => (e ? reject(e) : resolve()))),
    ])
    const { login } = hop
    if (login) {
      const auth = { credentials: { user: login.user, pass: login.password } }
      await Promise.race([
        lost,
        new Promise<void>((resolve, reject) =>
          connection.login(auth, e => (e ? reject(e) : resolve())),
        ),
      ])
    }
    const envelope = {
      from: sending.sender === '' ? (false as const) : sending.sender,
      to: [...sending.recipients],
      size: sending.size,
    }
    const sent = new Promise<ReadonlyMap<string, Reply>>((resolve, reject) =>
      connection.send(envelope, Readable.from(sending.body), (error, info) => {
        if (error) return reject(error)
        const replies = new Map(
          info.accepted.map(address => [address, { code: 250, text: info.response }]),
        )
        for (const one of (info.rejectedErrors ?? []) as ReplyError[])
          replies.set(one.recipient ?? '', replyOf(one))
        resolve(replies)
      }),
    )
    return await Promise.race([lost, sent])
  } catch (error) {
    return repliesOf(error as ReplyError, sending.recipients)
  } finally {
    clearTimeout(patience)
    connection.quit()
    setTimeout(() => connection.close(), 2000).unref()
  }
}

function repliesOf(error: ReplyError, recipients: readonly string[]): ReadonlyMap<string, Reply> {
  const each = new Map((error.rejectedErrors ?? []).map(one => [one.recipient ?? '', replyOf(one)]))
  return new Map(recipients.map(address => [address, each.get(address) ?? replyOf(error)]))
}

function replyOf(error: ReplyError): Reply {
  const text = (error.response ?? error.message).replace(/[\r\n]+/g, ' ').slice(0, 500)
  return { code: error.responseCode ?? 0, text }
}
