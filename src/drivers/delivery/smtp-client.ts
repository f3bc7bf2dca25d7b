// One connection to another server, for one message after the other: SMTP, or LMTP (RFC 2033) to a mailbox store.
// Says what became of each recipient; never rejects.

import type { X509Certificate } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { formatDuration, HOUR, MINUTE } from '../../model/duration.ts'
import { isAscii } from '../../model/mail-address.ts'
import { isMatched, MAX_CHAIN, type ShownCertificate } from '../../wire/dane.ts'
import { asTaken } from './as-taken.ts'
import { withShortLines } from '../../mail/long-lines.ts'
import { decodeXtext } from '../../mail/xtext.ts'
import type { Hop } from './hop.ts'
import type { Sending, Reply } from './sending.ts'
import type { TlsOutcome } from './tls-report/session-of.ts'

/** A server that keeps us longer than this is not going to take the message. */
const AT_MOST = HOUR
/** ms for greeting, EHLO, TLS and login together: each line of a reply may take long, and there is no end of lines. */
const GREETED_WITHIN = 6 * MINUTE
/** ms in which it may answer our QUIT. */
const CLOSE_AFTER = 2000
/** Bytes of one reply, with all its lines. RFC 5321 §4.5.3.1.5 has 512 for a line. */
const MAX_REPLY = 64 * 1024

export type Sent = {
  readonly replies: ReadonlyMap<string, Reply>
  /** No server there was able to take or refuse the message: another server may be asked. */
  readonly unreached?: true
  /** It was there, and its TLS is not what its domain asks for: nothing was sent. */
  readonly unsafe?: true
  /** The server reports on delivery itself (RFC 3461), as it was asked to. */
  readonly reports?: true
}

type ReplyError = Error & {
  responseCode?: number
  response?: string
  recipient?: string
  command?: string
  code?: string
  rejectedErrors?: ReplyError[]
}

export type Outgoing = {
  /** Never rejects. `untouched`: the connection ended before any of the message went out. */
  send(sending: Sending): Promise<Sent & { readonly untouched: boolean }>
  readonly usable: boolean
  readonly sent: number
  /** How it is kept from listeners. */
  tls(): Exclude<TlsOutcome, { readonly kind: 'unsafe' }>
  onClose(callback: () => void): void
  close(): void
}

/** Connects, greets, goes over to TLS and logs in. Rejects with what went wrong; code ETLS when that was the TLS. */
export async function openConnection(
  hop: Hop,
  how: { readonly ourName: string; readonly plain?: boolean },
): Promise<Outgoing> {
  const connection = new SMTPConnection({
    host: hop.host,
    port: hop.port,
    name: how.ourName,
    lmtp: hop.protocol === 'lmtp',
    ...(hop.socket === undefined ? {} : { connection: connect(hop.socket) }),
    ...tlsOf(hop, how.plain ?? false),
    connectionTimeout: 30_000,
    // RFC 5321 §4.5.3.2: five minutes for a greeting and for each reply, ten after the final dot.
    greetingTimeout: 5 * 60_000,
    socketTimeout: 10 * 60_000,
    maxResponseSize: MAX_REPLY,
  })
  const opened = new OpenConnection(connection)
  try {
    await opened.inTime(opened.greet(hop), GREETED_WITHIN)
  } catch (error) {
    // However a handshake breaks, it is the handshake that broke.
    if (connection.upgrading) (error as ReplyError).code = 'ETLS'
    connection.close()
    throw error
  }
  return opened
}

class OpenConnection implements Outgoing {
  readonly #connection: SMTPConnection
  /** Never resolves; rejects when the connection ends or fails. */
  readonly #lost: Promise<never>
  readonly #closed: (() => void)[] = []
  #usable = true
  #sent = 0
  /** What was refused before is still half open there. */
  #dirty = false

  constructor(connection: SMTPConnection) {
    this.#connection = connection
    const { promise, reject } = Promise.withResolvers<never>()
    this.#lost = promise
    promise.catch(() => undefined)
    connection.on('error', reject)
    connection.on('end', () => {
      this.#usable = false
      reject(new Error('the connection ended'))
      for (const callback of this.#closed) callback()
    })
  }

  get usable(): boolean {
    return this.#usable
  }

  tls(): ReturnType<Outgoing['tls']> {
    const socket = this.#socket()
    if (!(socket instanceof TLSSocket)) return { kind: 'clear' }
    const wrong = socket.authorizationError as unknown as Error | string | null | undefined
    return { kind: 'tls', ...(socket.authorized || !wrong ? {} : { distrusted: String(wrong) }) }
  }

  get sent(): number {
    return this.#sent
  }

  onClose(callback: () => void): void {
    this.#closed.push(callback)
  }

  close(): void {
    this.#usable = false
    this.#connection.quit()
    setTimeout(() => this.#connection.close(), CLOSE_AFTER).unref()
  }

  async greet({ dane, login }: Pick<Hop, 'dane' | 'login'>): Promise<void> {
    await this.#done(callback => this.#connection.connect(callback))
    if (dane && !isMatched(dane.records, { ...dane, ...this.#shown() }))
      throw Object.assign(new Error('the certificate matches no TLSA record'), { code: 'ETLS' })
    if (!login) return
    const auth = { credentials: { user: login.user, pass: login.password } }
    await this.#done(callback => this.#connection.login(auth, callback))
  }

  async send(given: Sending): ReturnType<Outgoing['send']> {
    const offered = this.#offered()
    const missing = unfit(given, offered)
    if (missing) return { replies: forAll(given.recipients, missing), untouched: false }
    this.#sent++
    let begun = false
    try {
      if (this.#dirty) await this.#done(callback => this.#connection.reset(callback))
      this.#dirty = false
      const sending = await asTaken(given, offered)
      if ('code' in sending) return { replies: forAll(given.recipients, sending), untouched: false }
      const body = readOf(withShortLines(await sending.body()), () => (begun = true))
      const replies = await this.inTime(transaction(this.#connection, sending, body), AT_MOST)
      return { replies, untouched: false, ...(offered.includes('DSN') ? { reports: true } : {}) }
    } catch (error) {
      this.#usable &&= isReply(error as ReplyError)
      this.#dirty = true
      const replies = repliesOf(error as ReplyError, given.recipients)
      return { replies, untouched: !this.#usable && !begun }
    } finally {
      if (!this.#usable) this.close()
    }
  }

  /** Not in its type, but the pinned version has it. */
  #socket(): Socket {
    const { _socket: socket } = this.#connection as unknown as { readonly _socket: Socket }
    return socket
  }

  /** What the server has shown of itself: a handshake is over by now, or the connection would be, too. */
  #shown(): Pick<ShownCertificate, 'chain' | 'at'> {
    const socket = this.#socket() as TLSSocket
    const chain: X509Certificate[] = []
    for (
      let one = socket.getPeerX509Certificate?.();
      one && chain.length < MAX_CHAIN;
      one = one.issuerCertificate
    )
      chain.push(one)
    return { chain, at: Date.now() }
  }

  /** Not in its type, but the pinned version has it: nothing else tells what the server can do before a message is sent. */
  #offered(): readonly string[] {
    const { _supportedExtensions: offered } = this.#connection as unknown as {
      _supportedExtensions: readonly string[]
    }
    return offered
  }

  #done(start: (callback: (error?: Error | null) => void) => void): Promise<void> {
    const answered = new Promise<void>((resolve, reject) =>
      start(error => (error ? reject(error) : resolve())),
    )
    return Promise.race([this.#lost, answered])
  }

  /** Rejects when it takes longer than so many ms, or the connection is lost. */
  async inTime<T>(work: Promise<T>, ms: number): Promise<T> {
    let patience: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      patience = setTimeout(() => reject(new Error(`took longer than ${formatDuration(ms)}`)), ms)
    })
    try {
      return await Promise.race([this.#lost, late, work])
    } finally {
      clearTimeout(patience)
    }
  }
}

/** The same bytes; says when the first of them is asked for. */
function readOf(source: AsyncIterable<Uint8Array>, begun: () => void): Readable {
  async function* watched() {
    begun()
    yield* source
  }
  return Readable.from(watched())
}

/** What this server would have to be able to do for this message, and is not. */
function unfit(sending: Sending, offered: readonly string[]): Reply | undefined {
  const utf8 = ![sending.sender, ...sending.recipients].every(isAscii) || sending.esmtp.utf8
  if (utf8 && !offered.includes('SMTPUTF8'))
    return { code: 550, text: '5.6.7 the next server takes no addresses or headers in UTF-8' }
  if (sending.esmtp.requireTls && !offered.includes('REQUIRETLS'))
    return { code: 550, text: '5.7.30 the next server does not promise TLS all the way' }
  return undefined
}

function transaction(
  connection: SMTPConnection,
  sending: Sending,
  body: Readable,
): Promise<ReadonlyMap<string, Reply>> {
  const { esmtp, recipientEsmtp: mine } = sending
  const notify = mine.notify?.map(word => word.toUpperCase())
  const dsn = {
    ...(esmtp.returned ? { ret: esmtp.returned === 'full' ? 'FULL' : 'HDRS' } : {}),
    ...(esmtp.envelopeId ? { envid: decodeXtext(esmtp.envelopeId) ?? '' } : {}),
    ...(notify ? { notify: notify.length === 0 ? 'NEVER' : notify } : {}),
    ...(mine.original ? { orcpt: decodeXtext(mine.original) ?? '' } : {}),
  }
  const envelope = {
    from: sending.sender === '' ? (false as const) : sending.sender,
    to: [...sending.recipients],
    size: sending.size,
    use8BitMime: esmtp.eightBit ?? false,
    requireTLSExtensionEnabled: esmtp.requireTls ?? false,
    ...(Object.keys(dsn).length > 0 ? { dsn } : {}),
  }
  return new Promise((resolve, reject) =>
    connection.send(envelope, body, (error, info) => {
      if (error) return reject(error)
      const replies = new Map(
        info.accepted.map(address => [address, { code: 250, text: info.response }]),
      )
      for (const one of (info.rejectedErrors ?? []) as ReplyError[])
        replies.set(one.recipient ?? '', replyOf(one))
      resolve(replies)
    }),
  )
}

function tlsOf(hop: Hop, plain: boolean) {
  const verified = hop.tls === 'verified'
  return {
    ignoreTLS: plain,
    requireTLS: hop.tls !== 'opportunistic',
    ...(hop.serverName === undefined ? {} : { servername: hop.serverName }),
    // Between mail exchangers a certificate that cannot be verified still keeps listeners out (RFC 7435).
    tls: { rejectUnauthorized: verified, ...(hop.ca === undefined ? {} : { ca: hop.ca }) },
  }
}

/** True when the server itself said no, and the connection can go on. */
const isReply = (error: ReplyError) =>
  error.responseCode !== undefined && error.responseCode !== 421 && error.code !== 'ECONNECTION'

export const forAll = (recipients: readonly string[], reply: Reply): ReadonlyMap<string, Reply> =>
  new Map(recipients.map(address => [address, reply]))

function repliesOf(error: ReplyError, recipients: readonly string[]): ReadonlyMap<string, Reply> {
  const each = new Map((error.rejectedErrors ?? []).map(one => [one.recipient ?? '', replyOf(one)]))
  return new Map(recipients.map(address => [address, each.get(address) ?? replyOf(error)]))
}

export function replyOf(error: ReplyError): Reply {
  const text = (error.response ?? error.message)
    // Node's advice to programmers.
    .replace(/; if the root CA is installed locally[^;]*$/, '')
    .replace(/[\r\n]+/g, ' ')
    .slice(0, 500)
  // Said by the library, which has read the server's SIZE.
  if (error.message.startsWith('Message size larger than allowed'))
    return { code: 552, text: '5.3.4 larger than the next server takes' }
  return { code: error.responseCode ?? 0, text }
}
