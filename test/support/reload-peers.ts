// The world around a Cordon whose configuration is replaced: servers that answer in one way, and what was agreed before it started.

import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { HOUR } from '../../src/model/duration.ts'

/** Takes POSTs and keeps what they say. */
export async function hookServer() {
  const seen: string[] = []
  const server = createHttpServer((request, response) => {
    request.on('data', chunk => seen.push(String(chunk)))
    request.on('end', () => response.end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, seen, close: () => void server.close() }
}

/** Dovecot's quota-status, of which every mailbox is full; its port. */
export async function fullMailboxes(): Promise<number> {
  const server = createServer(socket =>
    socket.on('data', () => socket.write('action=552 5.2.2 full\n\n')).on('error', () => undefined),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  server.unref()
  return (server.address() as AddressInfo).port
}

/** On all loopback addresses: keeps each connection for a while, then says that it comes back later. */
export async function slowExchanger() {
  const open = new Set<Socket>()
  let [most, seen] = [0, 0]
  const server = createServer(socket => {
    open.add(socket.on('error', () => undefined))
    seen++
    most = Math.max(most, open.size)
    // Whoever may come has come by then; with one at a time each waits so long for the one before.
    setTimeout(() => {
      open.delete(socket)
      socket.end('421 4.3.2 later\r\n')
    }, 1000)
  })
  await once(server.listen(0, '0.0.0.0'), 'listening')
  const { port } = server.address() as AddressInfo
  return { port, most: () => most, seen: () => seen, close: () => void server.close() }
}

/** Customer 1 has opted out; kept in the ledger of a Cordon that does not run yet. */
export async function openOptOuts(data: string, ids: readonly string[]): Promise<void> {
  mkdirSync(join(data, 'keys'), { recursive: true })
  // A ledger without keys is one whose keys were lost.
  writeFileSync(join(data, 'keys/begin-anew'), '')
  const ledger = await openLedgerFile(join(data, 'ledger.db'))
  const rest = {
    code: 'K7-2M9Q',
    subscriber: '1',
    kind: 'destinations',
    destinations: [],
    addresses: [],
  }
  const times = { askedAt: Date.now(), confirmBy: Date.now() + 1000 * HOUR }
  for (const id of ids)
    await ledger.records.put({
      kind: 'opt-out',
      id,
      expectedRev: 0,
      body: JSON.stringify({ id, state: 'open', ...rest, ...times }),
    })
  await ledger.close()
}
