// Talks to a running Cordon over its control socket: the same JSON API the console uses.

import { request } from 'node:http'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { OrderOutcome } from '../model/order.ts'
import type { Order } from '../orders/contract/orders.ts'
import { parseOrder } from '../orders/parse-order.ts'
import { inWords, NOT_AFTER, type Problem } from '../orders/problem.ts'
import { NoServer, NotSo, UsageError } from './failures.ts'
import type { ReloadAnswer, ReloadRequest } from '../ports/reload.ts'
import { usualData } from './usual-places.ts'

export type ControlOptions = { readonly data?: string; readonly json?: true }

const API = '/api/v1'
/** Answers that mean: write it otherwise. */
const MISUSED = [400, 413, 415]
/** Seconds for a whole answer. */
const LONGEST = 30

/** Path of the control socket of the Cordon that is meant. */
export const controlSocket = async ({ data }: ControlOptions): Promise<string> =>
  join(data ?? (await usualData()), 'control.sock')

/** Reads from the API. Throws with advice when no server listens. */
export async function ask<T>(options: ControlOptions, path: string): Promise<T> {
  return read(await send(options, 'GET', API + path)) as T
}

/** For the audit log: the user that runs this command, also by sudo, or runs it from cron, where USER is not set. */
function whoAsks(): string {
  const name = (process.env['SUDO_USER'] ?? '').trim().slice(0, 64)
  return encodeURIComponent(name === '' ? userName() : name)
}

/** A user of a container may have a number only. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trim()
  }
}

/** Gives an order, in the name of the user that runs this command. A malformed order throws before it is sent. */
export async function order(options: ControlOptions, what: Order): Promise<OrderOutcome> {
  const parsed = parseOrder(what)
  if ('problem' in parsed) throw new UsageError(inWords(parsed.problem))
  const { kind, ...fields } = what
  const answer = await send(options, 'POST', `${API}/orders/${kind}?by=${whoAsks()}`, fields)
  return answer.status === 409
    ? { done: false, text: problemIn(answer).message }
    : (read(answer) as OrderOutcome)
}

/** Asks that the configuration is read again. */
export async function askReload(
  options: ControlOptions,
  asked: Pick<ReloadRequest, 'despite' | 'dryRun'>,
): Promise<ReloadAnswer> {
  const path = `${API}/reload?by=${whoAsks()}`
  return read(await send(options, 'POST', path, asked)) as ReloadAnswer
}

/** What each rule would say of a step. */
export async function explained<T>(options: ControlOptions, step: unknown): Promise<T> {
  return read(await send(options, 'POST', `${API}/explain`, step)) as T
}

type Answer = { readonly status: number; readonly body: string }

function read(answer: Answer): unknown {
  if (answer.status === 200) return jsonIn(answer)
  const words = inWords(problemIn(answer))
  throw MISUSED.includes(answer.status) ? new UsageError(words) : new NotSo(words)
}

function jsonIn({ body }: Answer): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new NoServer(
      body === ''
        ? 'an empty answer came from the control socket. Is it the socket of a Cordon?'
        : 'what came from the control socket is not JSON. Is it the socket of a Cordon?',
    )
  }
}

/** Throws when the answer is not Cordon's: then the result of the request is unknown. */
function problemIn({ status, body }: Answer): Problem {
  const problem = errorIn(body)
  if (problem) return problem
  const words = body.slice(0, 200).replace(/\s+/g, ' ').trim()
  throw new NoServer(
    `the control socket answers ${status}${words === '' ? '' : ` (${words})`}, and does not say why. Look into the log of Cordon.`,
  )
}

function errorIn(body: string): Problem | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: Partial<Problem> }
    return typeof error?.message === 'string' ? (error as Problem) : undefined
  } catch {
    return undefined
  }
}

async function send(
  options: ControlOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const socketPath = await controlSocket(options)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const fail = (words: string) => reject(new NoServer(words))
  const sent = request(
    {
      socketPath,
      method,
      path,
      headers: {
        'content-type': 'application/json',
        [NOT_AFTER]: String(Date.now() + LONGEST * 1000),
      },
    },
    response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 500, body: text }))
      response.on('error', () =>
        fail(`Cordon ended in the middle of its answer. ${askAgain(method)}`),
      )
    },
  )
  sent.on('error', error => fail(whyNoAnswer(error, socketPath, method)))
  const late = setTimeout(() => {
    fail(`Cordon has not answered for ${LONGEST} s at ${socketPath}. ${NOT_BEGUN}`)
    sent.destroy()
  }, LONGEST * 1000)
  sent.end(body === undefined ? undefined : JSON.stringify(body))
  return promise.finally(() => clearTimeout(late))
}

const NOT_BEGUN =
  'What was asked for is not begun any more; if it was begun before, it may still be done.'
const MAYBE_DONE = 'What was asked for may still have been done, or be done later.'

/** A question has changed nothing. */
const askAgain = (method: string): string =>
  method === 'GET' ? 'Ask again when it runs.' : `${MAYBE_DONE} Ask again when it runs.`

/** Why a request to the control socket was not answered. */
export function whyNoAnswer(
  error: NodeJS.ErrnoException,
  socketPath: string,
  method: string,
): string {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE')
    return `Cordon ended without an answer. ${askAgain(method)}`
  if (error.code?.startsWith('HPE_'))
    return `the program at ${socketPath} answers, but not as Cordon does. Is it the socket of a Cordon?`
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return `${socketPath} may not be used by this user. Run the command as the user of Cordon, or as root.`
  return `no Cordon answers at ${socketPath}. Is it running? Say --data FOLDER if its data folder is elsewhere.`
}
