// The sockets of the list: UDP and TCP on one port.

import { createSocket, type Socket } from 'node:dgram'
import type { Server } from 'node:net'
import type { Answering } from './answering.ts'
import { tcpServer } from './tcp.ts'

export type Serving = { readonly port: number; close(): Promise<void> }

/** A second's worth of questions may wait in the kernel while we are busy. */
const BUFFER = 4 * 1024 * 1024
/** With port 0 the one that UDP gets may be taken over TCP. */
const ATTEMPTS = 20

export type DnsPlace = {
  /** `list.address`, 127.0.0.1 by default. */
  readonly address: string
  /** `list.port`, 10053 by default, 0 to 65535, 0 for one that is free. */
  readonly port: number
}

export async function serve(
  place: DnsPlace,
  answering: Answering,
  trouble: (error: unknown) => void,
): Promise<Serving> {
  const tcp = tcpServer(
    (asked, address) => answering.overTcp(asked, address),
    address => answering.may(address),
  )
  const udp = await bothOn(place, tcp.server)
  udp.on('message', (asked, { address, port }) => {
    const reply = answering.overUdp(asked, address, Date.now())
    // Whether it arrives is not asked: a client that got nothing asks again.
    if (reply) udp.send(reply, 0, reply.length, port, address)
  })
  udp.on('error', trouble)
  tcp.server.on('error', trouble)
  return {
    port: udp.address().port,
    close: async () => {
      await Promise.all([new Promise<void>(resolve => udp.close(() => resolve())), tcp.close()])
    },
  }
}

async function bothOn(place: DnsPlace, server: Server): Promise<Socket> {
  for (let attempt = 1; ; attempt++) {
    const udp = await bound(place)
    try {
      await listening(server, { ...place, port: udp.address().port })
      return udp
    } catch (error) {
      await new Promise<void>(resolve => udp.close(() => resolve()))
      if (place.port !== 0 || attempt === ATTEMPTS) throw error
    }
  }
}

/** Where it answers to is an address already. */
const noLookup = (address: string, ...rest: readonly unknown[]): void => {
  const done = rest.at(-1) as (error: null, address: string, family: number) => void
  done(null, address, address.includes(':') ? 6 : 4)
}

async function bound({ address, port }: DnsPlace): Promise<Socket> {
  const type = address.includes(':') ? 'udp6' : 'udp4'
  const udp = createSocket({
    type,
    recvBufferSize: BUFFER,
    sendBufferSize: BUFFER,
    lookup: noLookup,
  })
  await new Promise<void>((resolve, reject) => {
    udp.once('error', reject)
    udp.bind(port, address, () => {
      udp.removeAllListeners('error')
      resolve()
    })
  })
  return udp
}

const listening = (server: Server, { address: host, port }: DnsPlace): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(error)
    server.once('error', failed)
    server.listen({ host, port }, () => {
      server.off('error', failed)
      resolve()
    })
  })
