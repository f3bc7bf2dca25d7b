// Questions to a DNS list as bytes, and the answer in words. Written from RFC 1035, not with the code that is tested.

export type AskedOfDns = {
  readonly type?: number
  readonly class?: number
  /** UDP size of EDNS; none without it. */
  readonly size?: number
  readonly version?: number
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 2: 'NS', 6: 'SOA', 16: 'TXT', 41: 'OPT' }

export function questionOf(name: string, asked: AskedOfDns = {}): Buffer {
  const { type = 1, class: of = 1, size, version = 0 } = asked
  const labels = name.split('.').flatMap(label => [label.length, ...Buffer.from(label)])
  const opt = size === undefined ? [] : [0, 0, 41, size >> 8, size & 255, 0, version, 0, 0, 0, 0]
  const header = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, opt.length > 0 ? 1 : 0]
  return Buffer.from([...header, ...labels, 0, 0, type, 0, of, ...opt])
}

export type DnsAnswer = {
  readonly id: number
  readonly rcode: number
  readonly authoritative: boolean
  readonly cut: boolean
  /** As it stands in the question, in its case. */
  readonly name: string
  /** `A 60 127.0.0.2` */
  readonly answers: readonly string[]
  readonly authorities: readonly string[]
  readonly edns: boolean
}

export function answerIn(bytes: Buffer): DnsAnswer {
  const flags = bytes.readUInt16BE(2)
  let at = 12
  let name = ''
  if (bytes.readUInt16BE(4) === 1) {
    name = nameAt(bytes, 12)
    at = skipped(bytes, 12) + 4
  }
  const section = (count: number) =>
    Array.from({ length: count }, () => {
      const behind = skipped(bytes, at)
      const type = TYPES[bytes.readUInt16BE(behind)] ?? 'other'
      const ttl = bytes.readUInt32BE(behind + 4)
      const length = bytes.readUInt16BE(behind + 8)
      const owner = nameAt(bytes, at)
      const data = behind + 10
      at = data + length
      return { owner, type, words: `${type} ${ttl} ${dataAt(bytes, { type, data, length })}` }
    })
  const answers = section(bytes.readUInt16BE(6))
  const authorities = section(bytes.readUInt16BE(8))
  const more = section(bytes.readUInt16BE(10))
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes behind the answer`)
  return {
    id: bytes.readUInt16BE(0),
    rcode: flags & 15,
    authoritative: (flags & 0x400) !== 0,
    cut: (flags & 0x200) !== 0,
    name,
    answers: answers.map(({ words }) => words),
    authorities: authorities.map(({ owner, words }) => `${owner} ${words}`),
    edns: more.some(({ type }) => type === 'OPT'),
  }
}

type Data = { readonly type: string; readonly data: number; readonly length: number }

function dataAt(bytes: Buffer, { type, data, length }: Data): string {
  if (type === 'A') return bytes.subarray(data, data + length).join('.')
  if (type === 'TXT') return bytes.subarray(data + 1, data + length).toString()
  if (type === 'NS') return nameAt(bytes, data)
  return type === 'SOA' ? `minimum ${bytes.readUInt32BE(data + length - 4)}` : `${length} bytes`
}

/** Pointers in one name. */
const MAX_JUMPS = 10

function nameAt(bytes: Buffer, from: number): string {
  const labels: string[] = []
  let jumps = 0
  for (let at = from; bytes[at] !== 0; ) {
    if (at >= bytes.length || jumps > MAX_JUMPS) throw new Error('a name without an end')
    const length = bytes[at] ?? 0
    if (length >= 0xc0) {
      jumps++
      at = ((length & 0x3f) << 8) | (bytes[at + 1] ?? 0)
      continue
    }
    labels.push(bytes.subarray(at + 1, at + 1 + length).toString('latin1'))
    at += length + 1
  }
  return labels.join('.')
}

function skipped(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] !== 0) {
    if (at >= bytes.length) throw new Error('a name without an end')
    if ((bytes[at] ?? 0) >= 0xc0) return at + 2
    at += (bytes[at] ?? 0) + 1
  }
  return at + 1
}
