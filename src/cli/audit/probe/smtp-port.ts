// What a mail server says on one of its ports: greeting, EHLO, STARTTLS, the handshake, EHLO again. One connection after the other, each ended with QUIT.

import type { Socket } from 'node:net'
import { conversation, isGood, type Talk } from '../../../drivers/lookups/smtp-conversation.ts'
import { wordsOf } from '../../../model/errors.ts'
import type { AuditPort, OpenPort, AuditAnswer, SeenPort, Starttls } from '../record.ts'
import { dialled } from './dialled.ts'
import { relayTest } from './relay-test.ts'
import { MAX_WORDS, shortened } from './shortened.ts'
import { handshake, type HandshakeFor, oldVersion } from './tls-handshake.ts'

/** Lines of EHLO. What stands behind them may be AUTH: with more it is not known what is offered. */
const MAX_LINES = 64

export type PortTarget = HandshakeFor & {
  readonly port: AuditPort
  /** Where that is: another one in tests. */
  readonly at: number
  readonly addresses: readonly string[]
  readonly ourName: string
  /** ms for each answer. */
  readonly patience: number
  readonly mayTestRelay: boolean
}

/** Never rejects. */
export async function seePort(target: PortTarget, signal: AbortSignal): Promise<SeenPort> {
  const { addresses, at, port } = target
  const reached = await dialled(addresses, at, signal)
  if (!('socket' in reached)) return reached
  try {
    const seen = await (port === 465 ? seeImplicit : seeStarttls)(target, reached, signal)
    if (port === 25 || seen.kind !== 'open' || !seen.tls || !('value' in seen.tls)) return seen
    await ended(reached.socket)
    return { ...seen, old: await seeOld({ ...target, addresses: [seen.address] }, signal) }
  } catch (error) {
    const words = signal.aborted ? 'no time was left' : wordsOf(error)
    return { kind: 'unknown', words }
  } finally {
    reached.socket.destroy()
  }
}

type PortReached = { readonly socket: Socket; readonly address: string }

async function seeImplicit(
  target: PortTarget,
  { socket, address }: PortReached,
  signal: AbortSignal,
): Promise<SeenPort> {
  const { tls, socket: secured } = await handshake(socket, target, signal)
  if (!secured) return { kind: 'open', address, greeting: '', tls }
  const talk = conversation(secured, target.patience)
  const greeting = await talk(undefined)
  if (!isGood(greeting)) return refusal(talk, greeting, address)
  const inTls = await ehlo(talk, target)
  const relay = target.mayTestRelay ? { relay: await relayTest(talk, address) } : {}
  await quit(talk)
  return { kind: 'open', address, greeting: shortened(greeting), tls, inTls, ...relay }
}

async function seeStarttls(
  target: PortTarget,
  { socket, address }: PortReached,
  signal: AbortSignal,
): Promise<SeenPort> {
  const talk = conversation(socket, target.patience)
  const greeting = await talk(undefined)
  if (!isGood(greeting)) return refusal(talk, greeting, address)
  const clear = await ehlo(talk, target)
  const starttls = await askStarttls(talk, clear)
  const open = { kind: 'open', address, greeting: shortened(greeting), clear, starttls } as const
  if (starttls === 'absent' || starttls === 'refused') return endedIn(talk, open, target)
  const { tls, socket: secured } = await handshake(taken(socket), target, signal)
  if (!secured) return { ...open, tls }
  const safe = conversation(secured, target.patience)
  return endedIn(safe, { ...open, tls, inTls: await ehlo(safe, target) }, target)
}

/** Also where it is not listed: then something on the way may have taken it out. */
async function askStarttls(talk: Talk, clear: AuditAnswer<readonly string[]>): Promise<Starttls> {
  const isListed = 'value' in clear && clear.value.includes('STARTTLS')
  const isTaken = (await talk('STARTTLS')).startsWith('220')
  if (isTaken) return isListed ? 'listed' : 'stripped'
  return isListed ? 'refused' : 'absent'
}

async function endedIn(talk: Talk, open: OpenPort, target: PortTarget): Promise<SeenPort> {
  const relay = target.mayTestRelay ? { relay: await relayTest(talk, open.address) } : {}
  await quit(talk)
  return { ...open, ...relay }
}

/** On a connection of its own. */
async function seeOld(
  target: PortTarget,
  signal: AbortSignal,
): Promise<AuditAnswer<string | undefined>> {
  const reached = await dialled(target.addresses, target.at, signal)
  if (!('socket' in reached))
    return { unknown: reached.kind === 'closed' ? 'no second connection' : reached.words }
  try {
    if (target.port !== 465) await untilTls(conversation(reached.socket, target.patience), target)
    return { value: await oldVersion(taken(reached.socket), target, signal) }
  } catch (error) {
    return { unknown: signal.aborted ? 'no time was left' : wordsOf(error) }
  } finally {
    reached.socket.destroy()
  }
}

async function untilTls(talk: Talk, target: PortTarget): Promise<void> {
  const greeting = await talk(undefined)
  if (!isGood(greeting)) throw new Error(shortened(greeting))
  await ehlo(talk, target)
  const answer = await talk('STARTTLS')
  if (!answer.startsWith('220')) throw new Error(shortened(answer))
}

/** ms in which the server may close its side. */
const CLOSE_WITHIN = 1000

/** One connection after the other: the server is to see the end of this one. */
async function ended(socket: Socket): Promise<void> {
  if (socket.closed) return
  const closed = Promise.withResolvers<void>()
  const timer = setTimeout(closed.resolve, CLOSE_WITHIN)
  socket.once('close', closed.resolve)
  await closed.promise
  clearTimeout(timer)
  socket.destroy()
}

/** What is behind the handshake belongs to TLS. */
const taken = (socket: Socket): Socket => socket.removeAllListeners('data').setTimeout(0)

async function ehlo(talk: Talk, { ourName }: PortTarget): Promise<AuditAnswer<readonly string[]>> {
  const answer = await talk(`EHLO ${ourName}`)
  // A server without ESMTP has no extensions; one that says "later", or "not you", may have.
  if (!isGood(answer))
    return /^50[0-4]/.test(answer) ? { value: [] } : { unknown: `EHLO: ${shortened(answer)}` }
  const [, ...lines] = answer.trimEnd().split(/\r?\n/)
  if (lines.length > MAX_LINES) return { unknown: `EHLO: more than ${MAX_LINES} lines` }
  return {
    value: lines.map(line => line.slice(4, MAX_WORDS).trim().toUpperCase()),
  }
}

async function refusal(talk: Talk, greeting: string, address: string): Promise<SeenPort> {
  await quit(talk)
  return { kind: 'refuses', address, words: shortened(greeting) }
}

/** A server need not answer it. */
const quit = (talk: Talk): Promise<unknown> => talk('QUIT').catch(() => undefined)
