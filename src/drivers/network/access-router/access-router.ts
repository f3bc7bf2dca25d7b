// Drives an access router that takes its desired state as lines of JSON over TCP: the neighbourhood's relay, and the
// pattern for any box with a small agent on it. One request, one answer, in order; reconnects by itself.

import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Restriction } from '../../../model/decision.ts'
import type { NetworkControl } from '../../../ports/network-control.ts'

export type AccessRouterSettings = {
  /** `accessRouters[].host`, must be given. */
  readonly host: string
  /** TCP, of its control connection: `accessRouters[].port`, must be given, 1 to 65535. */
  readonly port: number
}

/** What is said to the router. It answers `{ ok: true, entries? }` or `{ ok: false, error }`. */
export type RouterRequest =
  | { readonly op: 'apply' | 'revoke'; readonly entries: readonly Restriction[] }
  /** For one subscriber only, where the router can tell them apart. */
  | { readonly op: 'list'; readonly subscriber?: string }
export type RouterAnswer = {
  readonly ok: boolean
  readonly error?: string
  readonly entries?: readonly Restriction[]
}

/** ms of silence while a request waits; then the connection is closed, and the next request opens another. */
const TIMEOUT = 5000
/** Characters of one answer: some 100,000 entries. */
const MAX_ANSWER = 32 * 1024 * 1024
/** Requests that are not answered; more are refused at once. What was refused is put right when the whole is compared. */
const MAX_WAITING = 10_000
/** ms that a router has for its last answers when Cordon stops. */
const LAST_ANSWERS = 1000

export type AccessRouter = NetworkControl & { close(): Promise<void> }

export function accessRouter(settings: AccessRouterSettings): AccessRouter {
  let socket: Socket | undefined
  /** Pieces of a line whose end has not come. */
  let rest: string[] = []
  let size = 0
  const waiting: { resolve: (answer: RouterAnswer) => void; reject: (error: Error) => void }[] = []

  const fail = (error: Error) => {
    socket?.destroy()
    socket = undefined
    rest = []
    size = 0
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  const hear = (chunk: string) => {
    const lines = chunk.split('\n')
    const begun = lines.pop() ?? ''
    for (const line of lines) {
      const answer = answerIn([...rest, line].join(''))
      rest = []
      size = 0
      if (!answer) return fail(new Error('the router says what is no answer'))
      waiting.shift()?.resolve(answer)
    }
    if (begun === '') return undefined
    rest.push(begun)
    size += begun.length
    return size > MAX_ANSWER ? fail(new Error('the answer of the router does not end')) : undefined
  }
  const open = (): Socket => {
    if (socket) return socket
    const fresh = connect(settings.port, settings.host)
      .setEncoding('utf8')
      .setNoDelay(true)
      .setTimeout(TIMEOUT, () =>
        waiting.length > 0 ? fail(new Error('the router does not answer')) : undefined,
      )
      .on('error', fail)
      .on('close', () => socket === fresh && fail(new Error('the router closed the connection')))
      .on('data', (chunk: string) => socket === fresh && hear(chunk))
    fresh.unref()
    socket = fresh
    return fresh
  }
  const ask = async (request: RouterRequest): Promise<RouterAnswer> => {
    const answer = await new Promise<RouterAnswer>((resolve, reject) => {
      if (waiting.length >= MAX_WAITING)
        return reject(new Error(`${MAX_WAITING} requests wait for the router already`))
      waiting.push({ resolve, reject })
      open().write(`${JSON.stringify(request)}\n`)
    })
    if (!answer.ok) throw new Error(answer.error ?? 'the router refused')
    return answer
  }
  return {
    name: 'access-router',
    fits: () => true,
    apply: async entries => void (await ask({ op: 'apply', entries })),
    revoke: async entries => void (await ask({ op: 'revoke', entries })),
    list: async subscriber => {
      if (subscriber === undefined) return (await ask({ op: 'list' })).entries ?? []
      const { entries = [] } = await ask({ op: 'list', subscriber })
      return entries.filter(entry => entry.subscriber === subscriber)
    },
    close: async () => {
      const end = Date.now() + LAST_ANSWERS
      while (waiting.length > 0 && Date.now() < end) await sleep(10)
      fail(new Error('closed'))
    },
  }
}

function answerIn(line: string): RouterAnswer | undefined {
  try {
    const said: unknown = JSON.parse(line)
    return typeof said === 'object' && said !== null ? (said as RouterAnswer) : undefined
  } catch {
    return undefined
  }
}
