// Asks whether a mailbox is full, as Postfix would: the policy delegation protocol (SMTPD_POLICY_README), which Dovecot's
// quota-status speaks. Its answer is the store's own choice: 5xx for good, 4xx for now, anything else for "there is room".

import { connect, type Socket } from 'node:net'
import type { Answers } from '../../model/question.ts'
import { within } from '../within.ts'

export type QuotaStatusSettings = {
  /** `quotaStatus.host`, 127.0.0.1 by default. */
  readonly host: string
  /** TCP: `quotaStatus.port`, 12340 by default, 1 to 65535; not used with `socket`. */
  readonly port: number
  /** `quotaStatus.socket`, none by default. */
  readonly socket?: string | undefined
  /** ms for an answer, connecting included: `quotaStatus.timeout`, 2s by default, 100ms to 10m. */
  readonly timeout: number
}

/** Rejects when there is no answer in time, or one that cannot be understood. */
export type QuotaStatus = (mailbox: string, size?: number) => Promise<Answers['mailbox-full']>

/** Dovecot gives each connection a process of its own; more questions at once than this are not asked. */
const MAX_ASKED = 50
/** Connections kept open for the next question, and for how long (ms). */
const KEPT = 5
const KEPT_FOR = 10_000
const MAX_ANSWER = 4096

export function quotaStatus(settings: QuotaStatusSettings): QuotaStatus {
  const idle: Socket[] = []
  let asked = 0

  async function ask(request: string): Promise<string> {
    const kept = idle.pop()
    // One that was kept may have been closed at the other end just now: then a new one is made, once.
    if (kept) {
      const answer = await answered(kept, request).catch(() => undefined)
      if (answer !== undefined) return keep(kept, answer)
    }
    const socket = opened()
    return keep(socket, await answered(socket, request))
  }

  function opened(): Socket {
    const { host, port, socket: path } = settings
    const socket = path === undefined ? connect(port, host) : connect(path)
    socket.setTimeout(KEPT_FOR, () => socket.destroy())
    socket.unref()
    // What goes wrong between questions is seen by the next question.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      const at = idle.indexOf(socket)
      if (at >= 0) idle.splice(at, 1)
    })
    return socket
  }

  function keep(socket: Socket, answer: string): string {
    if (idle.length < KEPT) idle.push(socket)
    else socket.destroy()
    return answer
  }

  return async (mailbox, size) => {
    if (asked >= MAX_ASKED) throw new Error('too many questions at once')
    asked += 1
    try {
      return meaning(await within(settings.timeout, ask(requestOf(mailbox, size))))
    } finally {
      asked -= 1
    }
  }
}

const requestOf = (mailbox: string, size = 0): string =>
  `request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nrecipient=${mailbox}\nsize=${size}\n\n`

function meaning(answer: string): Answers['mailbox-full'] {
  const action = /^action=(.*)$/m.exec(answer)?.[1]
  if (action === undefined) throw new Error('its answer has no action')
  if (/^(?:5\d\d|reject)\b/i.test(action)) return 'reject'
  return /^(?:4\d\d|defer|defer_if_permit)\b/i.test(action) ? 'defer' : 'no'
}

/** One question, one answer, ended by an empty line. The socket is destroyed when there is none. */
function answered(socket: Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const done = (error?: Error) => {
      socket.off('data', hear).off('error', done).off('close', gone)
      if (!error) return resolve(text)
      socket.destroy()
      return reject(error)
    }
    const hear = (chunk: Buffer) => {
      text += chunk.toString('utf8')
      if (text.endsWith('\n\n')) done()
      else if (text.length > MAX_ANSWER) done(new Error('it answered too much'))
    }
    const gone = () => done(new Error('the connection was closed'))
    socket.on('data', hear).on('error', done).on('close', gone)
    socket.write(request)
  })
}
