// Packets of flow export, as exporters make them: NetFlow 5, NetFlow 9 and IPFIX.

import { parseIp } from '../../src/model/ip.ts'

export type SentFlow = {
  readonly from: string
  readonly to: string
  readonly port: number
  readonly sourcePort?: number
  readonly protocol?: number
  readonly flags?: number
  readonly packets?: number
  readonly bytes?: number
}

const SYN = 2
const NOW = 1_764_000_000

const defaults = { sourcePort: 40_000, protocol: 6, flags: SYN, packets: 1, bytes: 60 }
const big = (address: string) => parseIp(address)?.value ?? 0n

export function netflow5(all: readonly SentFlow[], sampling = 0, sequence = 0): Buffer {
  const packet = Buffer.alloc(24 + all.length * 48)
  packet.writeUInt16BE(5, 0)
  packet.writeUInt16BE(all.length, 2)
  packet.writeUInt32BE(10_000, 4)
  packet.writeUInt32BE(NOW, 8)
  packet.writeUInt32BE(sequence, 16)
  packet.writeUInt16BE(sampling === 0 ? 0 : 0x4000 | sampling, 22)
  for (const [i, sent] of all.entries()) {
    const at = 24 + i * 48
    const one = { ...defaults, ...sent }
    packet.writeUInt32BE(Number(big(one.from)), at)
    packet.writeUInt32BE(Number(big(one.to)), at + 4)
    packet.writeUInt32BE(one.packets, at + 16)
    packet.writeUInt32BE(one.bytes, at + 20)
    packet.writeUInt32BE(9000, at + 24)
    packet.writeUInt32BE(9500, at + 28)
    packet.writeUInt16BE(one.sourcePort, at + 32)
    packet.writeUInt16BE(one.port, at + 34)
    packet.writeUInt8(one.flags, at + 37)
    packet.writeUInt8(one.protocol, at + 38)
  }
  return packet
}

type Column = {
  readonly type: number
  readonly length: number
  readonly enterprise?: number
  readonly value: (sent: SentFlow & typeof defaults) => bigint | string
}

export const column = (
  type: number,
  length: number,
  value: Column['value'],
  enterprise?: number,
): Column => ({ type, length, value, ...(enterprise === undefined ? {} : { enterprise }) })

/** What nearly every exporter sends. */
export const COLUMNS4: readonly Column[] = [
  column(8, 4, one => big(one.from)),
  column(12, 4, one => big(one.to)),
  column(2, 8, one => BigInt(one.packets)),
  column(1, 8, one => BigInt(one.bytes)),
  column(7, 2, one => BigInt(one.sourcePort)),
  column(11, 2, one => BigInt(one.port)),
  column(4, 1, one => BigInt(one.protocol)),
  column(6, 1, one => BigInt(one.flags)),
]
export const COLUMNS6: readonly Column[] = [
  column(27, 16, one => big(one.from)),
  column(28, 16, one => big(one.to)),
  ...COLUMNS4.slice(2),
]

export type Version = 9 | 10

const set = (id: number, body: Buffer) => {
  const padding = (4 - (body.length % 4)) % 4
  const head = Buffer.alloc(4)
  head.writeUInt16BE(id, 0)
  head.writeUInt16BE(4 + body.length + padding, 2)
  return Buffer.concat([head, body, Buffer.alloc(padding)])
}

const numbers = (bytes: number, ...values: number[]) => {
  const out = Buffer.alloc(values.length * bytes)
  values.forEach((value, i) => out.writeUIntBE(value, i * bytes, bytes))
  return out
}

export function templateSet(version: Version, id: number, columns: readonly Column[]): Buffer {
  const fields = columns.map(({ type, length, enterprise }) =>
    enterprise === undefined
      ? numbers(2, type, length)
      : Buffer.concat([numbers(2, type | 0x8000, length), numbers(4, enterprise)]),
  )
  return set(version === 9 ? 0 : 2, Buffer.concat([numbers(2, id, columns.length), ...fields]))
}

export function dataSet(id: number, columns: readonly Column[], all: readonly SentFlow[]): Buffer {
  const values = all.flatMap(sent =>
    columns.map(({ length, value }) => {
      const found = value({ ...defaults, ...sent })
      if (typeof found === 'string') {
        const text = Buffer.from(found)
        const head =
          text.length < 255
            ? numbers(1, text.length)
            : Buffer.concat([numbers(1, 255), numbers(2, text.length)])
        return Buffer.concat([head, text])
      }
      return Buffer.from(found.toString(16).padStart(length * 2, '0'), 'hex')
    }),
  )
  return set(id, Buffer.concat(values))
}

/** How the exporter samples: one packet in so many. */
export function samplingSets(version: Version, id: number, every: number): Buffer {
  const template =
    version === 9
      ? set(1, Buffer.concat([numbers(2, id, 4, 4), numbers(2, 1, 4), numbers(2, 34, 4)]))
      : set(3, Buffer.concat([numbers(2, id, 2, 1), numbers(2, 149, 4), numbers(2, 34, 4)]))
  return Buffer.concat([template, set(id, numbers(4, 1, every))])
}

/** How each of several samplers samples: by its id. */
export function samplerSets(
  version: Version,
  id: number,
  samplers: Readonly<Record<number, number>>,
): Buffer {
  const rows = Object.entries(samplers).map(([sampler, every]) => ({
    sampler: Number(sampler),
    every,
  }))
  if (version === 9) {
    // As IOS XR does: the scope is the system; FLOW_SAMPLER_ID and FLOW_SAMPLER_RANDOM_INTERVAL follow.
    const template = numbers(2, id, 4, 8, 1, 4, 48, 2, 50, 4)
    const told = rows.map(({ sampler, every }) =>
      Buffer.concat([numbers(4, 0), numbers(2, sampler), numbers(4, every)]),
    )
    return Buffer.concat([set(1, template), set(id, Buffer.concat(told))])
  }
  // RFC 5477: selectorId is the scope; samplingPacketInterval and samplingPacketSpace follow.
  const template = numbers(2, id, 3, 1, 302, 8, 305, 4, 306, 4)
  const told = rows.map(({ sampler, every }) =>
    Buffer.concat([numbers(4, 0, sampler), numbers(4, 1, every - 1)]),
  )
  return Buffer.concat([set(3, template), set(id, Buffer.concat(told))])
}

/** Takes back all templates, or all options templates, of the domain. */
export const withdrawalSet = (which: 'templates' | 'options'): Buffer =>
  which === 'templates' ? set(2, numbers(2, 2, 0)) : set(3, numbers(2, 3, 0))

export function packet(
  version: Version,
  sets: readonly Buffer[],
  domain = 7,
  sequence = 1,
): Buffer {
  const body = Buffer.concat(sets)
  if (version === 9)
    return Buffer.concat([
      numbers(2, 9, sets.length),
      numbers(4, 10_000, NOW, sequence, domain),
      body,
    ])
  return Buffer.concat([numbers(2, 10, 16 + body.length), numbers(4, NOW, sequence, domain), body])
}
