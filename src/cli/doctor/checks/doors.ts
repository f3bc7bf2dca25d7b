// Whether each SMTP door that the configuration names answers on this machine: TCP, and where it is not TLS from the beginning, its greeting.

import { connect } from 'node:net'
import { SECOND } from '../../../model/duration.ts'
import type { Check } from '../../check.ts'
import type { DoctorCheck } from '../doctor-check.ts'

/** A greeting may be late by design (RFC 5321 §4.5.3.2.1 lets clients wait for five minutes). */
const PATIENCE = 20 * SECOND
const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

export const doors: DoctorCheck = {
  what: 'listeners',
  look: ({ config: { listeners } }) =>
    Promise.all(
      listeners
        .filter(({ port }) => port !== 0)
        .map(async ({ kind, address, port, tls }): Promise<Check> => {
          const what = `port ${port} (listeners: ${kind})`
          const at = ANY[address] ?? address
          const wrong = await wrongWith(at, port, tls !== 'implicit')
          if (wrong === undefined) return { what, state: 'good', said: `answers at ${at}` }
          const write = `systemctl status cordon; ss -ltnp 'sport = :${port}'`
          return { what, state: 'missing', said: `${at}: ${wrong}`, write }
        }),
    ),
}

function wrongWith(host: string, port: number, greets: boolean): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect({ host, port, timeout: PATIENCE })
  let said = ''
  socket.on('connect', () => {
    if (!greets) resolve(undefined)
  })
  socket.on('data', chunk => {
    said = (said + chunk.toString('latin1')).slice(0, 512)
    if (!said.includes('\n')) return
    resolve(said.startsWith('220') ? undefined : `it says ${said.trim().slice(0, 80)}`)
  })
  socket.on('timeout', () => resolve('no answer in 20 s'))
  socket.on('error', error => resolve(error.message))
  socket.on('close', () => resolve('it closed the connection without a greeting'))
  return promise.finally(() => socket.destroy())
}
