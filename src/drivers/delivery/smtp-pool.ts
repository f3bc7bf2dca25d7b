// Connections that stay open for a moment, so that the next message to the same server need not begin with a handshake.

import { type Outgoing, openConnection, replyOf, forAll, type Sent } from './smtp-client.ts'
import type { TlsSession } from '../../model/tls-session.ts'
import type { Reply, Sending } from './sending.ts'
import type { Hop } from './hop.ts'
import { sessionOf, type TlsOutcome } from './tls-report/session-of.ts'

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

/** `tell`: of each connection to a mail exchanger. */
export function smtpPool(ourName: string, tell: TellSession = () => undefined): SmtpPool {
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
        keep(key, kept)
        return sent
      }
      const opened = await open(hop, ourName, tell)
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

export type TellSession = (session: TlsSession) => void

/** With TLS if that works, and without if it does not and need not. */
async function open(hop: Hop, ourName: string, tell: TellSession): Promise<Outgoing | Failed> {
  const told = (outcome: TlsOutcome) => {
    const session = sessionOf(hop, outcome)
    if (session) tell(session)
  }
  try {
    const opened = await openConnection(hop, { ourName })
    told(opened.tls())
    return opened
  } catch (error) {
    const { code, text } = replyOf(error as Error)
    const broken = (error as { code?: string }).code === 'ETLS'
    if (!broken) return { failed: later({ code, text }) }
    // A reply is what the server says to STARTTLS.
    told(code === 0 ? { kind: 'unsafe', words: text } : { kind: 'clear' })
    // What the server answers to STARTTLS is no answer to the mail: the next may be safe, or this one later.
    if (hop.asked !== undefined)
      return {
        failed: { code: 0, text: `4.7.5 ${hop.asked}: ${text}` },
        unsafe: { unsafe: true },
      }
    if (hop.tls !== 'opportunistic') return { failed: later({ code, text }) }
    try {
      return await openConnection(hop, { ourName, plain: true })
    } catch (second) {
      return { failed: later(replyOf(second as Error)) }
    }
  }
}

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
