// The access router of the neighbourhood: a TCP relay between the homes and the rest of the world, one port for
// each server outside. It holds exactly the desired state a real driver gets, tells Cordon's listeners by the PROXY
// protocol whose line it is, and writes a firewall log. A home is known by the loopback address it connects from.

import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Restriction } from '../../model/decision.ts'
import { type Endpoint, proxyHeader } from '../../wire/proxy-header.ts'
import { OUTSIDE } from '../population/town.ts'
import { portOf } from './outside.ts'

/** A device behind the router: the loopback address it binds, and what the world sees. */
export type Device = {
  readonly loopback: string
  readonly address: string
  /** Lease it is behind; absent for a client elsewhere on the Internet. */
  readonly lease?: {
    readonly prefix: string
    readonly ports?: readonly [number, number] | undefined
  }
}

/** Where Cordon listens. */
export type CordonPorts = {
  readonly submission: number
  readonly redirected: number
  readonly firewallLog: number
}

export type Router = {
  /** Port that stands for port 25 of each outside server, in the order of OUTSIDE. */
  readonly outsidePorts: readonly number[]
  /** Port that stands for Cordon's 587. */
  readonly submissionPort: number
  readonly controlPort: number
  serveCordon(ports: CordonPorts): void
  /** Called when a line's state changes; the time it was in force is now. */
  onChange(listener: (entry: Restriction, inForce: boolean) => void): void
  close(): Promise<void>
}

type Inside = {
  entries: Map<string, Restriction>
  open: Map<string, Set<Socket>>
  listeners: ((e: Restriction, on: boolean) => void)[]
}

export async function startRouter(
  devices: readonly Device[],
  outsidePorts: readonly number[],
): Promise<Router> {
  const byLoopback = new Map(devices.map(device => [device.loopback, device]))
  const inside: Inside = { entries: new Map(), open: new Map(), listeners: [] }
  const sockets = new Set<Socket>()
  let cordon: CordonPorts | undefined
  let log: Socket | undefined
  let nextPort = 0

  const sourceOf = (device: Device): Endpoint => {
    const [first, last] = device.lease?.ports ?? [32_768, 60_999]
    nextPort++
    return { address: device.address, port: first + (nextPort % (last - first)) }
  }
  const write = (prefix: 'redirected' | 'refused', source: Endpoint, destination: Endpoint) => {
    const line = {
      timestamp: new Date().toISOString(),
      'oob.prefix': `cordon ${prefix}`,
      src_ip: source.address,
      src_port: source.port,
      dest_ip: destination.address,
      dest_port: destination.port,
      'ip.protocol': 6,
      'ct.established': prefix === 'redirected',
    }
    log?.write(`${JSON.stringify(line)}\n`)
  }

  const servers: Server[] = []
  const listen = async (serve: (socket: Socket, device: Device) => void): Promise<number> => {
    const server = createServer({ pauseOnConnect: true }, socket => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
      const device = byLoopback.get((socket.remoteAddress ?? '').replace('::ffff:', ''))
      if (device) serve(socket, device)
      else socket.resetAndDestroy()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    return portOf(server)
  }

  const submissionPort = await listen((socket, device) => {
    if (!cordon) return socket.resetAndDestroy()
    return relay(
      socket,
      cordon.submission,
      proxyHeader(sourceOf(device), { address: '203.0.113.1', port: 587 }),
    )
  })
  const ports: number[] = []
  for (const [i, server] of OUTSIDE.entries()) {
    const destination = { address: server.address, port: 25 }
    ports.push(
      await listen((socket, device) => {
        const source = sourceOf(device)
        const entry = inside.entries.get(keyOf(device.lease))
        const named = entry?.destinations?.includes(destination.address)
        if (entry?.state === 'open' || named) {
          remember(inside, keyOf(device.lease), socket)
          return relay(socket, outsidePorts[i] as number, undefined)
        }
        if (entry?.state === 'redirect-25' && cordon) {
          write('redirected', source, destination)
          remember(inside, keyOf(device.lease), socket)
          return relay(socket, cordon.redirected, proxyHeader(source, destination))
        }
        // The default for a consumer's line, and for one that is isolated.
        write('refused', source, destination)
        return socket.resetAndDestroy()
      }),
    )
  }
  const control = await startControl(inside, sockets)
  servers.push(control)

  return {
    outsidePorts: ports,
    submissionPort,
    controlPort: portOf(control),
    serveCordon: where => {
      cordon = where
      log = connect(where.firewallLog, '127.0.0.1')
      log.on('error', () => undefined).unref()
      sockets.add(log)
    },
    onChange: listener => void inside.listeners.push(listener),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await Promise.all(
        servers.map(server => new Promise<void>(resolve => server.close(() => resolve()))),
      )
    },
  }
}

/** The control connection: one JSON request a line, one answer a line. */
async function startControl(inside: Inside, sockets: Set<Socket>): Promise<Server> {
  const server = createServer(socket => {
    sockets.add(socket)
    let rest = ''
    socket
      .setEncoding('utf8')
      .on('error', () => socket.destroy())
      .on('close', () => sockets.delete(socket))
      .on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) socket.write(`${JSON.stringify(obey(inside, line))}\n`)
      })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

function obey(inside: Inside, line: string): { ok: boolean; entries?: Restriction[] } {
  const request = JSON.parse(line) as { op: string; subscriber?: string; entries?: Restriction[] }
  if (request.op === 'list') {
    const of = (entry: Restriction) => entry.subscriber === (request.subscriber ?? entry.subscriber)
    return { ok: true, entries: [...inside.entries.values()].filter(of) }
  }
  for (const entry of request.entries ?? []) {
    const on = request.op === 'apply'
    if (on) inside.entries.set(keyOf(entry), entry)
    else inside.entries.delete(keyOf(entry))
    // A connection that is already through does not outlive the decision.
    for (const socket of inside.open.get(keyOf(entry)) ?? []) socket.resetAndDestroy()
    for (const listener of inside.listeners) listener(entry, on)
  }
  return { ok: true }
}

function keyOf(
  lease: { prefix: string; ports?: readonly [number, number] | undefined } | undefined,
): string {
  return lease ? `${lease.prefix} ${lease.ports?.join('-') ?? 'all'}` : 'elsewhere'
}

function remember(inside: Inside, key: string, socket: Socket): void {
  const mine = inside.open.get(key) ?? new Set()
  inside.open.set(key, mine.add(socket))
  socket.on('close', () => mine.delete(socket))
}

function relay(from: Socket, port: number, header: Buffer | undefined): void {
  const to = connect(port, '127.0.0.1')
  to.on('error', () => from.destroy()).on('close', () => from.destroy())
  from.on('close', () => to.destroy())
  if (header) to.write(header)
  from.pipe(to)
  to.pipe(from)
}
