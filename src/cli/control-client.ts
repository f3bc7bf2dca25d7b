// Talks to a running Cordon over its control socket: the same JSON API the console uses.

import { request } from 'node:http'
import { join } from 'node:path'
import type { OrderOutcome } from '../model/order.ts'
import type { Order } from '../orders/contract/orders.ts'
import { parseOrder } from '../orders/parse-order.ts'
import { inWords, type Problem } from '../orders/problem.ts'
import { NoServer, UsageError } from './failures.ts'
import type { ReloadAnswer } from '../ports/reload.ts'

export type ControlOptions = { readonly data: string; readonly json?: true }

const API = '/api/v1'
/** Answers that mean: write it otherwise. */
const MISUSED = [400, 413, 415]

/** Reads from the API. Throws with advice when nobody is there. */
export async function ask<T>(options: ControlOptions, path: string): Promise<T> {
  return read(await send(options, 'GET', API + path)) as T
}

/** For the audit. */
function whoAsks(): string {
  const name = (process.env['SUDO_USER'] ?? process.env['USER'] ?? '').trim().slice(0, 64)
  return encodeURIComponent(name === '' ? 'command line' : name)
}

/** Gives an order, in the name of whoever runs this command. What it cannot be is said before anybody is asked. */
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
  despite: string | undefined,
): Promise<ReloadAnswer> {
  const asked = despite === undefined ? {} : { despite }
  const path = `${API}/reload?by=${whoAsks()}`
  return read(await send(options, 'POST', path, asked)) as ReloadAnswer
}

/** What each rule would say of a step. */
export async function explained<T>(options: ControlOptions, step: unknown): Promise<T> {
  return read(await send(options, 'POST', `${API}/explain`, step)) as T
}

type Answer = { readonly status: number; readonly body: string }

function read(answer: Answer): unknown {
  if (answer.status === 200) return JSON.parse(answer.body)
  const words = inWords(problemIn(answer))
  throw MISUSED.includes(answer.status) ? new UsageError(words) : new Error(words)
}

function problemIn({ status, body }: Answer): Problem {
  try {
    return (JSON.parse(body) as { error: Problem }).error
  } catch {
    return { message: `Cordon answers ${status}: ${body.slice(0, 200)}` }
  }
}

function send(
  options: ControlOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const socketPath = join(options.data, 'control.sock')
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, method, path, headers: { 'content-type': 'application/json' } },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', chunk => (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 500, body: text }))
      },
    )
    sent.on('error', () =>
      reject(
        new NoServer(
          `no Cordon answers at ${socketPath}. Is it running? Say --data FOLDER if its data folder is elsewhere.`,
        ),
      ),
    )
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
