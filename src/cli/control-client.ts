// Talks to a running Cordon over its control socket: the same JSON API the console uses.

import { request } from 'node:http'
import { join } from 'node:path'
import type { Order, OrderOutcome } from '../model/order.ts'
import type { ReloadAnswer } from '../ports/reload.ts'

export type ControlOptions = { readonly data: string; readonly json?: true }

/** Reads from the API. Throws with advice when nobody is there. */
export async function ask<T>(options: ControlOptions, path: string): Promise<T> {
  const { status, body } = await send(options, 'GET', path)
  if (status === 404) throw new Error((JSON.parse(body) as { error: string }).error)
  return JSON.parse(body) as T
}

const whoAsks = () => process.env['SUDO_USER'] ?? process.env['USER'] ?? 'command line'

/** Nobody answers at the control socket. */
export class NoServer extends Error {
  override readonly name = 'NoServer'
}

/** Gives an order, in the name of whoever runs this command. */
export async function order(options: ControlOptions, what: Order): Promise<OrderOutcome> {
  const { body } = await send(options, 'POST', '/api/orders', { order: what, by: whoAsks() })
  return JSON.parse(body) as OrderOutcome
}

/** Asks that the configuration is read again. */
export async function askReload(
  options: ControlOptions,
  despite: string | undefined,
): Promise<ReloadAnswer> {
  const asked = { by: whoAsks(), ...(despite === undefined ? {} : { despite }) }
  const { status, body } = await send(options, 'POST', '/api/reload', asked)
  if (status !== 200) throw new Error((JSON.parse(body) as { error: string }).error)
  return JSON.parse(body) as ReloadAnswer
}

/** What each rule would say of a step. */
export async function explained<T>(options: ControlOptions, step: unknown): Promise<T> {
  const { body } = await send(options, 'POST', '/api/explain', step)
  return JSON.parse(body) as T
}

function send(
  options: ControlOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: string }> {
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
