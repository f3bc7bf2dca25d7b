// ZIPs in which nothing need agree with anything: names before the files and in the directory, one end or several, ZIP64's or the plain one, bytes
// in front and behind, numbers that lie a little. Each choice is one that some program forgives.

import type { Random } from '../../src/simulation/population/random.ts'
import { zipOf } from '../support/hostile-archives.ts'

const DIRECTORY = Buffer.from('PK\x01\x02', 'latin1')
const END_SIZE = 22

/** Every name in it is one that occurs nowhere else. */
export function oddZip({ below }: Random): {
  readonly zip: Buffer
  readonly kinds: readonly string[]
} {
  const kinds: string[] = []
  const chosen = <T>(what: string, ...all: readonly (readonly [string, T])[]): T => {
    const [kind, value] = all[below(2) === 0 ? 0 : below(all.length)] as readonly [string, T]
    if (kind !== all[0]?.[0]) kinds.push(`${what}: ${kind}`)
    return value
  }
  let n = 0
  const name = () => `file-${n++}.${['txt', 'exe', 'js'][below(3)]}`
  const files = Array.from({ length: 1 + below(3) }, () => ({
    name: name(),
    data: Buffer.from('what is in it'),
  }))
  const isOther = chosen('directory', ['the same', false], ['other names', true])
  const said = isOther ? files.map(file => ({ ...file, name: name() })) : files
  const plain = zipOf(files, said)
  const locals = plain.subarray(0, plain.indexOf(DIRECTORY))
  const directory = plain.subarray(locals.length, -END_SIZE)
  const front = chosen(
    'front',
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from('GIF89a\x01')],
    ['a program', Buffer.alloc(3000, 'MZ')],
    ['another', zipOf([{ name: name(), data: Buffer.from('x') }])],
  )
  const counted = chosen('counted from', ['the zip', 0], ['the file', front.length])
  const at = locals.length + counted
  const first = chosen<readonly Buffer[]>(
    'before the directory',
    ['nothing', []],
    [
      'another directory',
      [zipOf(files, [{ name: name(), data: Buffer.alloc(0) }]).subarray(locals.length, -END_SIZE)],
    ],
    ['a gap', [Buffer.alloc(50, 'gap')]],
  )
  const gap = chosen('offset', ['right', Buffer.concat(first).length], ['lies', 0])
  const end = endOf({
    count: files.length + chosen('count', ['right', 0], ['one less', -1], ['one more', 1]),
    size:
      directory.length + chosen('size', ['right', 0], ['less', -20], ['more', 20], ['much', 9e6]),
    at: at + gap,
    disk: chosen('disk', ['first', 0], ['third', 2]),
    comment: chosen('comment', ['right', 0], ['lies', 7]),
  })
  const isLarge = chosen('end', ['plain', false], ['ZIP64', true])
  const large = isLarge
    ? zip64End({
        at: at + gap,
        directory,
        count: files.length,
        where: at + gap + directory.length + chosen('locator', ['right', 0], ['lies', 13]),
      })
    : Buffer.alloc(0)
  if (isLarge && chosen('numbers', ['elsewhere', true], ['here, too', false])) end.fill(0xff, 8, 20)
  const behind = chosen(
    'behind',
    ['nothing', Buffer.alloc(0)],
    ['a byte', Buffer.alloc(1)],
    ['66,000 zeros', Buffer.alloc(66_000)],
    ['70,000 bytes', Buffer.alloc(70_000, 'behind ')],
    ['another end', endOf({ count: 0, size: 0, at: 0, disk: 0, comment: 0 })],
    ['another', zipOf([{ name: name(), data: Buffer.from('x') }])],
  )
  return {
    zip: Buffer.concat([front, locals, ...first, directory, large, end, behind]),
    kinds,
  }
}

type End = {
  readonly count: number
  readonly size: number
  readonly at: number
  readonly disk: number
  readonly comment: number
}

function endOf({ count, size, at, disk, comment }: End): Buffer {
  const end = Buffer.alloc(END_SIZE)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(disk, 4)
  end.writeUInt16LE(disk, 6)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(Math.max(0, size), 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment, 20)
  return end
}

/** The end record and, behind it, what says where that is. */
function zip64End(of: {
  readonly at: number
  readonly directory: Buffer
  readonly count: number
  readonly where: number
}): Buffer {
  const record = Buffer.alloc(56)
  record.write('PK\x06\x06', 'latin1')
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(45, 12)
  record.writeUInt16LE(45, 14)
  record.writeBigUInt64LE(BigInt(of.count), 24)
  record.writeBigUInt64LE(BigInt(of.count), 32)
  record.writeBigUInt64LE(BigInt(of.directory.length), 40)
  record.writeBigUInt64LE(BigInt(of.at), 48)
  const locator = Buffer.alloc(20)
  locator.write('PK\x06\x07', 'latin1')
  locator.writeBigUInt64LE(BigInt(of.where), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, locator])
}
