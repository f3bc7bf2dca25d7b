// ClamAV's daemon (clamd(8), INSTREAM): the message in pieces with their lengths, and one line back. Trap: a file over clamd's
// own MaxFileSize comes back OK unless AlertExceedsMax is set; and what is over StreamMaxLength is cut off with an error.

import { connect, type Socket } from 'node:net'
import type { ScanResult } from '../../model/message.ts'
import type { Scanner } from '../../ports/scanner.ts'

export type ClamavSettings = {
  /** `scanners.clamav.host`, 127.0.0.1 by default. */
  readonly host: string
  /** TCP: `scanners.clamav.port`, 3310 by default, 1 to 65535; not used with `socket`. */
  readonly port: number
  /** `scanners.clamav.socket`, none by default. */
  readonly socket?: string | undefined
  /**
   * Bytes of a message it is given; the rest of a larger one is not seen: `scanners.clamav.maxSize`, 25,000,000 by default, 1 to
   * 2,000,000,000.
   */
  readonly maxSize: number
  /** ms for an answer: `scanners.timeout`, 20s by default, 100ms to 10m. */
  readonly timeout: number
}

const MAX_ANSWER = 4096

export function clamavScanner(settings: ClamavSettings): Scanner {
  return {
    name: 'clamav',
    sees: 'all',
    scan: async message => {
      try {
        return resultOf(await ask(settings, message.read()))
      } catch (error) {
        return { content: 'unseen', failed: `clamav: ${String(error)}` }
      }
    },
  }
}

function resultOf(answer: string): ScanResult {
  const found = /^stream: (.+) FOUND$/.exec(answer)?.[1]
  if (found !== undefined) return { content: 'spam', virus: found }
  if (answer === 'stream: OK') return { content: 'unseen' }
  throw new Error(answer)
}

async function ask(settings: ClamavSettings, body: AsyncIterable<Uint8Array>): Promise<string> {
  const { host, port, socket: path, timeout, maxSize } = settings
  const socket = path === undefined ? connect(port, host) : connect(path)
  socket.setTimeout(timeout, () => socket.destroy(new Error(`no answer within ${timeout} ms`)))
  const answer = heard(socket)
  // It may answer, or be gone, before all of the message is there.
  let over = false
  answer.then(
    () => (over = true),
    () => (over = true),
  )
  try {
    await send(socket, Buffer.from('zINSTREAM\0'))
    let left = maxSize
    for await (const chunk of body) {
      const piece = chunk.subarray(0, left)
      left -= piece.length
      if (over || piece.length === 0) break
      await send(socket, lengthOf(piece))
      await send(socket, piece)
    }
    if (!over) await send(socket, lengthOf(new Uint8Array(0)))
    return await answer
  } finally {
    socket.destroy()
  }
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return length
}

/** Resolves when more may be sent, also to a socket that is gone: what it said before is what counts. */
function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise(resolve => {
    if (bytes.length === 0 || socket.destroyed) return resolve()
    socket.write(bytes, () => resolve())
    return undefined
  })
}

/** One answer, ended by a zero byte. */
function heard(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const end = text.indexOf('\0')
      if (end >= 0) resolve(text.slice(0, end))
      else if (text.length > MAX_ANSWER) socket.destroy(new Error('it answered too much'))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed')))
  })
}
