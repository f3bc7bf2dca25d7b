// Connections that stay open for a moment, so that the next message to the same server need not begin with a handshake.

import { type Outgoing, openConnection, replyOf, forAll, type Sent } from './smtp-client.ts'
import type { Reply, Sending } from './sending.ts'
import type { Hop } from './hop.ts'
import type { TlsOutcome } from './tls-report/session-of.ts'
import { type TellSession, ToldSessions } from './tls-report/told-sessions.ts'

/** Long enough for the next message of a queue, short enough not to be rude. */
const IDLE = 5000
const MAX_IDLE = 200
/** Many servers end a connection after a hundred messages. */
const MAX_MESSAGES = 100

export type SmtpPool = {
  /** Never rejects. */
  send(hop: Hop, sending: Sending): Promise<Sent>
  close(): void
}

/** `tell`: of each connection to a mail exchanger, once for each domain whose mail it takes. */
export function smtpPool(ourName: string, tell: TellSession = () => undefined): SmtpPool {
  const sessions = new ToldSessions(tell)
  const idle = new Map<string, { connection: Outgoing; timer: NodeJS.Timeout }[]>()
  let count = 0

  const take = (key: string): Outgoing | undefined => {
    const free = idle.get(key)
    const found = free?.pop()
    if (free?.length === 0) idle.delete(key)
    if (!found) return undefined
    count--
    clearTimeout(found.timer)
    return found.connection.usable ? found.connection : take(key)
  }
  const drop = (key: string, connection: Outgoing) => {
    const free = idle.get(key) ?? []
    const rest = free.filter(one => one.connection !== connection)
    count -= free.length - rest.length
    if (rest.length > 0) idle.set(key, rest)
    else idle.delete(key)
    connection.close()
  }
  const keep = (key: string, connection: Outgoing) => {
    if (!connection.usable || connection.sent >= MAX_MESSAGES || count >= MAX_IDLE)
      return connection.close()
    const timer = setTimeout(() => drop(key, connection), IDLE).unref()
    idle.set(key, [...(idle.get(key) ?? []), { connection, timer }])
    count++
  }

  return {
    send: async (hop, sending) => {
      const key = keyOf(hop)
      for (let kept = take(key); kept; kept = take(key)) {
        const { untouched, ...sent } = await kept.send(sending)
        // A server may end an idle connection at any time: that says nothing about this message.
        if (untouched) continue
        sessions.used(kept, hop)
        keep(key, kept)
        return sent
      }
      const opened = await open(hop, ourName, sessions)
      if ('failed' in opened) {
        const { failed, unsafe } = opened
        return { replies: forAll(sending.recipients, failed), unreached: true, ...unsafe }
      }
      const { untouched: _untouched, ...sent } = await opened.send(sending)
      keep(key, opened)
      return sent
    },
    close: () => {
      for (const [key, free] of idle) for (const { connection } of free) drop(key, connection)
    },
  }
}

type Failed = { readonly failed: Reply; readonly unsafe?: Pick<Sent, 'unsafe'> }

/** With TLS if that works, and without if it does not and need not. */
async function open(hop: Hop, ourName: string, sessions: ToldSessions): Promise<Outgoing | Failed> {
  try {
    const opened = await openConnection(hop, { ourName })
    sessions.opened(opened, hop, opened.tls())
    return opened
  } catch (error) {
    const { code, text } = replyOf(error as Error)
    const broken = (error as { code?: string }).code === 'ETLS'
    if (!broken) return { failed: later({ code, text }) }
    // A reply is what the server says to STARTTLS.
    const outcome: TlsOutcome = code === 0 ? { kind: 'unsafe', words: text } : { kind: 'clear' }
    const plain =
      hop.asked === undefined && hop.tls === 'opportunistic'
        ? await inClear(hop, ourName)
        : undefined
    if (plain && !('failed' in plain)) sessions.opened(plain, hop, outcome)
    else sessions.failed(hop, outcome)
    if (plain) return plain
    if (hop.asked === undefined) return { failed: later({ code, text }) }
    // What the server answers to STARTTLS is no answer to the mail: the next may be safe, or this one later.
    return {
      failed: { code: 0, text: `4.7.5 ${hop.asked}: ${text}` },
      unsafe: { unsafe: true },
    }
  }
}

const inClear = (hop: Hop, ourName: string): Promise<Outgoing | Failed> =>
  openConnection(hop, { ourName, plain: true }).catch((error: unknown) => ({
    failed: later(replyOf(error as Error)),
  }))

/** RFC 5321 §4.2.3: an error in processing. */
const LATER = 451

/** RFC 5321 §3.1: a server that refuses the session has said nothing of the mail; the next one, or this one later, may take it. */
const later = ({ code, text }: Reply): Reply => ({ code: code >= 500 ? LATER : code, text })

const keyOf = (hop: Hop) =>
  JSON.stringify([
    hop.socket,
    hop.host,
    hop.port,
    hop.protocol,
    hop.tls,
    hop.serverName,
    hop.dane,
    hop.login?.user,
  ])
