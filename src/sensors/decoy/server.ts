// SMTP decoys on addresses that are not in use: a client that talks to one was not looking for a server. A client's first words after
// our greeting are the evidence, if they are a mail program's: a session both ways cannot be forged with a neighbour's address. What it
// then hands over is summed up for people, and thrown away.

import { createServer, type Server, type Socket } from 'node:net'
import { canonicalIp, sourceOf } from '../../model/ip.ts'
import type { Offered } from '../../mail/sasl/plain.ts'
import { Summarizer } from '../../mail/summary.ts'
import type { Engine } from '../../ports/engine.ts'
import { commandTurns, type CommandTurns } from '../../wire/command-turns.ts'
import { endUntaken, readOn, UNTAKEN } from '../../wire/read-on.ts'
import { type Dialog, greeting, hear, isMailClient, over, toldOf } from './dialog.ts'
import { decoyPlaces } from './places.ts'

export type DecoySettings = {
  readonly addresses: readonly string[]
  /** TCP: `decoys.port`, 25 by default, 0 to 65535; 0: any free port. */
  readonly port: number
  /** `decoys.realm`, main by default. */
  readonly realm: string
  /** The name that the decoys greet with: `decoys.name`, mx.invalid by default. */
  readonly name: string
}

export type Decoys = { readonly ports: readonly number[]; readonly close: () => Promise<void> }
export type DecoyParts = {
  readonly report: Engine['report']
  readonly now: () => number
  /** Whether it is a login of ours with its right password. */
  readonly isOwnPassword?: (login: string, password: string) => Promise<boolean>
  readonly trouble?: (error: unknown, about: string) => void
}

/** Each keeps so much of its message, in one piece: what tells one text from another stands in it. */
const MAX_KEPT = 64 * 1024
const MAX_LINE = 2048
/** A message is thrown away anyway; one that never ends is cut off. */
const MAX_MESSAGE = 20 * 1024 * 1024
const IDLE = 60_000

export async function openDecoys(settings: DecoySettings, parts: DecoyParts): Promise<Decoys> {
  const places = decoyPlaces<Socket>()
  const turns = commandTurns()
  const servers: Server[] = []
  const ports: number[] = []
  const close = async () => {
    for (const socket of places.all) socket.destroy()
    await Promise.all(
      servers.map(server => new Promise<void>(resolve => server.close(() => resolve()))),
    )
  }
  for (const address of settings.addresses) {
    // A client that closes its side is heard to its end.
    const server = createServer({ highWaterMark: UNTAKEN, allowHalfOpen: true }, socket => {
      const from = canonicalIp(socket.remoteAddress ?? '') ?? ''
      socket.on('error', () => socket.destroy())
      places.enter(socket, from)
      socket.on('close', () => places.leave(socket))
      const heard = () => places.heard(socket)
      return converse(socket, { ...settings, address, from, heard, turns }, parts)
    })
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(settings.port, address, resolve)
      })
    } catch (error) {
      await close()
      throw error
    }
    servers.push(server)
    const bound = server.address()
    ports.push(typeof bound === 'object' && bound ? bound.port : settings.port)
  }
  return { ports, close }
}

/** Reads nothing more; the socket closes when the client has read our last reply, or after `IDLE`. */
function goodbye(socket: Socket): void {
  for (const heard of ['data', 'drain', 'end']) socket.removeAllListeners(heard)
  socket.pause().destroySoon()
}

type DecoyServerSettings = DecoySettings & {
  /** One of `decoys.addresses`, must be given. */
  readonly address: string
  readonly from: string
  /** Called for each line. */
  readonly heard: () => void
  /** One for all clients: lines that come together are heard a few at a time. */
  readonly turns: CommandTurns
}

type Talk = {
  readonly hello: string
  /** One line of a command or of a message; false when the session is over. */
  readonly line: (bytes: Buffer) => boolean
  /** A message may have lines of any length; a command may not. */
  readonly isInMessage: () => boolean
}

/** Answers what the client says, and tells of it. */
function talkWith(socket: Socket, place: DecoyServerSettings, parts: DecoyParts): Talk {
  const { report, now } = parts
  const { realm, name, address: destination, from } = place
  const port = socket.remotePort ?? 0
  const who = { realm, address: from, port, sure: 'unknown' as const }
  const hello = greeting(name)
  let dialog: Dialog = hello.dialog
  let message: { read: Summarizer; size: number } | undefined
  const touch = () =>
    report({
      kind: 'egress-attempt',
      at: now(),
      who,
      destination,
      port: place.port,
      completed: true,
      antiSpoofed: false,
      outcome: 'decoy',
    })
  const taken = (one: { read: Summarizer }) => {
    const { size, fingerprint } = one.read.finish(dialog.sender ?? '')
    report({
      kind: 'decoy-mail',
      at: now(),
      who,
      destination,
      ...toldOf(dialog),
      size,
      fingerprint,
    })
    dialog = over(dialog)
    socket.write('250 2.0.0 Ok: queued\r\n')
  }
  const line = (bytes: Buffer): boolean => {
    place.heard()
    if (message) {
      if (bytes.toString('latin1').replace(/\r?\n$/, '') === '.') {
        taken(message)
        message = undefined
        return true
      }
      message.size += bytes.length
      message.read.write(bytes)
      return message.size <= MAX_MESSAGE
    }
    const said = bytes.toString('latin1').replace(/\r?\n$/, '')
    if (dialog.lines === 0 && isMailClient(said)) touch()
    const answer = hear(dialog, said)
    dialog = answer.dialog
    socket.write(answer.say)
    if (answer.offered) void looked(parts, from, answer.offered)
    if (answer.then === 'data')
      message = { read: new Summarizer({ most: MAX_KEPT, folds: 'never' }), size: 0 }
    return answer.then !== 'close'
  }
  return { hello: hello.say, line, isInMessage: () => message !== undefined }
}

/** A password in circulation: foreign names, and wrong passwords, are told nowhere. */
async function looked(
  { isOwnPassword, report, now, trouble }: DecoyParts,
  address: string,
  { login, password }: Offered,
): Promise<void> {
  try {
    if (await isOwnPassword?.(login, password))
      report({
        kind: 'password-circulates',
        at: now(),
        login: login.toLowerCase(),
        seen: 'decoy',
        address,
      })
  } catch (error) {
    trouble?.(error, 'looking at a password that a decoy was offered')
  }
}

/** Handles what comes in, as long as the client reads the answers, and in turn with others. */
function converse(socket: Socket, place: DecoyServerSettings, parts: DecoyParts): void {
  const { report, now } = parts
  const { from } = place
  const { hello, line, isInMessage } = talkWith(socket, place, parts)
  let rest: Buffer = Buffer.alloc(0)
  const turn = place.turns.of(() => ({ lane: 'rest', from: sourceOf(from) }))
  let waits = false
  let ended = false
  const goOn = () => {
    waits = false
    if (!socket.destroyed) pump()
  }
  const pump = () => {
    if (waits) return undefined
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      if (socket.writableNeedDrain) return readOn(socket)
      const bytes = rest.subarray(0, end + 1)
      rest = rest.subarray(end + 1)
      if (!line(bytes)) return goodbye(socket)
      const turned = rest.length > 0 ? turn() : undefined
      if (turned) {
        waits = true
        socket.pause()
        return void turned.then(goOn)
      }
    }
    if (rest.length > MAX_LINE) {
      if (!isInMessage()) return void socket.destroy()
      const long = rest
      rest = Buffer.alloc(0)
      if (!line(long)) return goodbye(socket)
    }
    return ended && !socket.writableNeedDrain ? void socket.end() : readOn(socket)
  }
  const untaken = ({ ended: gaveUp }: { readonly ended: boolean }) =>
    report({
      kind: 'client-not-reading',
      at: now(),
      door: 'decoy',
      address: from,
      ...(gaveUp ? { ended: gaveUp } : {}),
    })
  endUntaken(socket, untaken)
  socket.setTimeout(IDLE, () => {
    if (socket.writableNeedDrain) untaken({ ended: true })
    socket.destroy()
  })
  socket.on('drain', pump)
  socket.on('end', () => {
    ended = true
    pump()
  })
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    pump()
  })
  socket.write(hello)
}
