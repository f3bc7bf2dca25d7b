// What a log is compressed with is known by its first bytes, whatever its name: gzip and zstd are unpacked here, xz and bzip2 by their programs,
// because Node has neither.

import { spawn } from 'node:child_process'
import { pipeline, Readable } from 'node:stream'
import { createGunzip, createZstdDecompress, type ZstdDecompress } from 'node:zlib'

type Packing = {
  /** What it begins with. */
  readonly magic: readonly string[]
  unpacked(chunks: Readable): AsyncIterable<unknown>
}

/** Frames of zstd that are to be skipped; a file of pzstd begins with one. RFC 8878 §3.1.2. */
const SKIPPED = Array.from({ length: 16 }, (_, i) => `${String.fromCharCode(0x50 + i)}*M\x18`)

const PACKINGS: readonly Packing[] = [
  // RFC 1952 §2.3.1.
  { magic: ['\x1f\x8b'], unpacked: chunks => through(chunks, createGunzip()) },
  // RFC 8878 §3.1.1.
  {
    magic: ['(\xb5/\xfd', ...SKIPPED],
    unpacked: zstdFrames,
  },
  // tukaani.org/xz/xz-file-format.txt §2.1.1.1.
  { magic: ['\xfd7zXZ\0'], unpacked: chunks => byProgram('xz', chunks) },
  { magic: ['BZh'], unpacked: chunks => byProgram('bzip2', chunks) },
]

export async function unpackedLog(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<AsyncIterable<unknown>> {
  const first = await chunks.next()
  const start = first.done ? new Uint8Array() : first.value
  const all = (async function* () {
    yield start
    yield* chunks
  })()
  const packing = packingOf(start)
  return packing ? packing.unpacked(Readable.from(all)) : all
}

/** By what a file begins with. */
export const isPacked = (start: Uint8Array): boolean => packingOf(start) !== undefined

function packingOf(start: Uint8Array): Packing | undefined {
  const text = Buffer.from(start.subarray(0, 8)).toString('latin1')
  return PACKINGS.find(({ magic }) => magic.some(one => text.startsWith(one)))
}

function through(chunks: Readable, unpacking: NodeJS.ReadWriteStream): AsyncIterable<unknown> {
  // What is wrong is thrown where it is read.
  pipeline(chunks, unpacking, () => undefined)
  return unpacking
}

/** One frame behind the other, as `zstd -c b >> a.zst` leaves them: Node's decompressor ends behind the first. Throws what is none. */
async function* zstdFrames(chunks: Readable): AsyncGenerator {
  const source = chunks[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>
  let left = await source.next()
  // Resolves when it has no more, or the frame has ended.
  const feed = async (frame: ZstdDecompress): Promise<void> => {
    while (!left.done) {
      const chunk = left.value
      const before = frame.bytesWritten
      await new Promise<void>((resolve, reject) =>
        frame.write(chunk, error => (error ? reject(error) : resolve())),
      )
      const used = frame.bytesWritten - before
      if (used < chunk.length) {
        left = { value: chunk.subarray(used) }
        return
      }
      left = await source.next()
    }
    frame.end()
  }
  try {
    while (!left.done) {
      const frame = createZstdDecompress()
      const fed = feed(frame)
      // What is wrong with the frame is thrown where it is read.
      fed.catch(error => frame.destroy(error))
      yield* frame
      await fed
    }
  } finally {
    chunks.destroy()
  }
}

/** Longest word of a program about what is wrong, characters. */
const LONGEST_WORD = 500

/** Throws what the program says, and what the file system says of the log. */
async function* byProgram(name: string, chunks: Readable): AsyncGenerator {
  const child = spawn(name, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', data => (said = `${said}${String(data)}`.slice(0, LONGEST_WORD)))
  const ended = new Promise<string | undefined>(resolve => {
    child.once('error', () => resolve(`it is compressed with ${name}, which is not installed`))
    // bzip2 ends with 0 where it left something out behind the end.
    child.once('close', code =>
      resolve(code === 0 && said === '' ? undefined : said.trim() || `${name} failed`),
    )
  })
  // Where the program ends first, it has said why.
  let broken: Error | undefined
  pipeline(chunks, child.stdin, error => {
    if (error && error.code !== 'EPIPE') broken = error
  })
  try {
    yield* child.stdout
    const wrong = await ended
    if (wrong !== undefined) throw new Error(wrong)
    if (broken) throw broken
  } finally {
    child.kill()
  }
}
