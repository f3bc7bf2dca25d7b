// The mail server's side of the milter protocol, written once more as plainly as possible: what Postfix would send for one
// message, one packet at a time.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type MilterTalk = {
  /** Sends a packet and waits for what comes back: letter and data of each packet, until one that is no change. */
  ask(letter: string, data?: Buffer | string): Promise<readonly Heard[]>
  /** Sends a packet that has no answer. */
  tell(letter: string, data?: Buffer | string): void
  end(): void
}

export type Heard = { readonly letter: string; readonly data: Buffer }

const CHANGES = 'himb+2-eqp'

export async function milterTalk(port: number): Promise<MilterTalk> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const heard: Heard[] = []
  let bytes = Buffer.alloc(0)
  socket.on('error', () => undefined)
  const more = async () => {
    const [chunk] = (await Promise.race([
      once(socket, 'data'),
      once(socket, 'close').then(() => {
        throw new Error('the milter closed the connection')
      }),
    ])) as [Buffer]
    bytes = Buffer.concat([bytes, chunk])
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const end = 4 + bytes.readUInt32BE(0)
      heard.push({ letter: String.fromCharCode(bytes[4] ?? 0), data: bytes.subarray(5, end) })
      bytes = bytes.subarray(end)
    }
  }
  return {
    tell: (letter, data = '') => send(socket, letter, data),
    ask: async (letter, data = '') => {
      send(socket, letter, data)
      const last = () => heard.findIndex(one => !CHANGES.includes(one.letter))
      while (last() < 0) await more()
      return heard.splice(0, last() + 1)
    },
    end: () => socket.destroy(),
  }
}

function send(socket: Socket, letter: string, data: Buffer | string): void {
  const content = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
  const head = Buffer.alloc(5)
  head.writeUInt32BE(content.length + 1)
  head.write(letter, 4, 'latin1')
  socket.write(Buffer.concat([head, content]))
}

/** Version 6, all actions, and of the steps only what Postfix has had since 2.6. */
export function offer(actions = 0x1ff, steps = 0x1f_ffff): Buffer {
  const data = Buffer.alloc(12)
  data.writeUInt32BE(6, 0)
  data.writeUInt32BE(actions, 4)
  data.writeUInt32BE(steps, 8)
  return data
}

/** Host name, family, port and address of an IPv4 client. */
export function from(address: string, port: number): Buffer {
  const number = Buffer.alloc(2)
  number.writeUInt16BE(port)
  return Buffer.concat([Buffer.from('unknown\x004'), number, Buffer.from(`${address}\0`)])
}
