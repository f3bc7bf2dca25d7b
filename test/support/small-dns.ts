// A DNS server in the test itself: TXT records by name, and a list of every name that was asked as it came over the wire, which is what
// a program really asks, whatever it believes to ask.

import { createSocket } from 'node:dgram'

export type SmallDns = {
  readonly server: string
  /** The labels of each question, one character a byte. */
  readonly asked: readonly (readonly string[])[]
  stop(): void
}

const NXDOMAIN = 3
const [MX, TXT] = [15, 16]

/**
 * `texts`: what stands at a name in lower case; `exchangers`: how many it has, m1 the last by its preference. Nothing else exists. An answer may
 * be longer than 512 bytes.
 */
export async function smallDns(
  texts: (name: string) => string | undefined,
  exchangers: (name: string) => number = () => 0,
): Promise<SmallDns> {
  const asked: string[][] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const labels: string[] = []
    let at = 12
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length))
      at += 1 + length
    }
    asked.push(labels)
    const question = query.subarray(12, at + 5)
    const name = labels.join('.').toLowerCase()
    const [known, count] = [texts(name), exchangers(name)]
    const type = question.readUInt16BE(question.length - 4)
    const answers = [
      ...(type === TXT && known !== undefined ? [answer(known)] : []),
      ...(type === MX ? Array.from({ length: count }, (_, i) => exchanger(i + 1)) : []),
    ]
    const flags = known === undefined && count === 0 ? NXDOMAIN : 0
    const head = Buffer.from([0x84 | ((query[2] ?? 0) & 1), 0x80 | flags])
    const counts = Buffer.from([0, 1, 0, answers.length, 0, 0, 0, 0])
    const parts = [query.subarray(0, 2), head, counts, question]
    socket.send(Buffer.concat([...parts, ...answers]), from.port, from.address)
  })
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  return { server: `127.0.0.1:${socket.address().port}`, asked, stop: () => void socket.close() }
}

/** One record of the name that was asked, in strings of at most 250 bytes. */
function answer(text: string): Buffer {
  const strings = (text.match(/.{1,250}/g) ?? ['']).map(part =>
    Buffer.concat([Buffer.from([part.length]), Buffer.from(part, 'latin1')]),
  )
  const data = Buffer.concat(strings)
  const head = Buffer.from([0xc0, 12, 0, TXT, 0, 1, 0, 0, 0, 60, 0, 0])
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

/** One MX record of the name that was asked: `mN` below it, with a preference that is lower the higher N is. */
function exchanger(n: number): Buffer {
  const label = Buffer.from(`m${n}`)
  const data = Buffer.concat([
    Buffer.from([0, 255 - n, label.length]),
    label,
    Buffer.from([0xc0, 12]),
  ])
  const head = Buffer.from([0xc0, 12, 0, MX, 0, 1, 0, 0, 0, 60, 0, data.length])
  return Buffer.concat([head, data])
}
