// Sockets for Postfix's policy delegation: a connection is kept for as long as Postfix keeps it, requests are answered in
// turn. In trouble nothing is said and the connection is closed: Postfix tries again, and then does what it is set up to do.

import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { canonicalIp } from '../../model/ip.ts'
import { ACCEPT } from '../../model/verdict.ts'
import type { Engine } from '../../ports/engine.ts'
import { PolicyDecoder, type PolicyRequest } from './codec.ts'
import { actionOf, NOTHING_TO_SAY } from './replies.ts'
import { type Memory, NOTHING, type PolicySetup, remember, stepsOf } from './session.ts'

export type PolicyListener = {
  readonly address: string
  readonly port: number
  /** A Unix socket instead. */
  readonly socket?: string | undefined
  /** Addresses that may connect. */
  readonly clients: readonly string[]
} & PolicySetup

export type PolicyParts = {
  readonly engine: Pick<Engine, 'judge'>
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export type PolicyDoor = { readonly port: number; close(): Promise<void> }

/** As many smtpd processes as a large Postfix has. */
const MAX_CONNECTIONS = 2000
/** Postfix closes an idle connection after five minutes (smtpd_policy_service_max_idle); this is for those who forget. */
const IDLE = 20 * 60_000

export async function openPolicyDoor(
  listener: PolicyListener,
  parts: PolicyParts,
): Promise<PolicyDoor> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    socket.on('error', () => socket.destroy())
    const from = canonicalIp(socket.remoteAddress ?? '')
    const known = listener.socket !== undefined || listener.clients.includes(from ?? '')
    if (!known || sockets.size >= MAX_CONNECTIONS) return void socket.destroy()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).setTimeout(IDLE, () => socket.destroy())
    converse(socket, listener, parts)
    return undefined
  })
  await listen(server, listener)
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : 0,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroySoon()
      }),
  }
}

function converse(socket: Socket, setup: PolicySetup, parts: PolicyParts): void {
  const decoder = new PolicyDecoder()
  let memory = NOTHING
  let busy = false
  const pump = async () => {
    if (busy) return
    busy = true
    try {
      for (let request = decoder.next(); request; request = decoder.next()) {
        if (request === 'bad') throw new Error('not a request of Postfix')
        const answered = await answer(memory, request, { setup, parts })
        memory = answered.memory
        socket.write(answered.action, 'latin1')
      }
    } catch (error) {
      parts.trouble(error, 'policy delegation')
      socket.destroy()
    } finally {
      busy = false
    }
    if (socket.isPaused()) socket.resume()
  }
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk)
    // Postfix waits for its answer; whoever does not is held back.
    if (busy) socket.pause()
    void pump()
  })
}

async function answer(
  before: Memory,
  request: PolicyRequest,
  { setup, parts }: { readonly setup: PolicySetup; readonly parts: PolicyParts },
): Promise<{ memory: Memory; action: string }> {
  const { memory, steps } = stepsOf(before, request, { setup, at: parts.now() })
  const { refusal } = memory
  if (refusal && request.get('protocol_state') === 'RCPT')
    return { memory, action: actionOf(refusal, 'rcpt', true) }
  for (const step of steps) {
    const { verdict } = await parts.engine.judge(step)
    const { stage, commits = false } = step
    const action = actionOf(verdict, stage, commits)
    if (action !== NOTHING_TO_SAY)
      return { memory: remember(memory, request, { verdict, stage }), action }
  }
  const accepted = { verdict: ACCEPT, stage: 'rcpt' } as const
  return { memory: remember(memory, request, accepted), action: NOTHING_TO_SAY }
}

function listen(server: Server, { address, port, socket }: PolicyListener): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const done = () => {
      server.off('error', reject)
      // Postfix runs as another user; who may reach the socket is for its folder to say.
      if (socket !== undefined) chmodSync(socket, 0o666)
      resolve()
    }
    if (socket === undefined) return void server.listen(port, address, done)
    rmSync(socket, { force: true })
    return void server.listen(socket, done)
  })
}
