// A message that a client hands over, whole before anything is done with it: in memory while it is small, in a file that has no name from
// there on. What is not sent leaves nothing behind.

import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes of one message in memory: most letters have less. */
const IN_MEMORY = 64 * 1024

export class LetterIn {
  #pieces: Buffer[] = []
  #file: FileHandle | undefined
  #size = 0
  readonly #hash = createHash('sha256')

  get size(): number {
    return this.#size
  }

  /** Wait for one write before the next. */
  async write(bytes: Buffer): Promise<void> {
    this.#size += bytes.length
    this.#hash.update(bytes)
    if (!this.#file && this.#size <= IN_MEMORY) {
      // A view would keep all that was read with it.
      this.#pieces.push(Buffer.from(bytes))
      return
    }
    this.#file ??= await namelessFile()
    for (const piece of [...this.#pieces, bytes]) await this.#file.appendFile(piece)
    this.#pieces = []
  }

  /** Equal for equal bytes. Call it once, when the message is whole. */
  digest(): string {
    return this.#hash.digest('base64')
  }

  async *read(): AsyncGenerator<Buffer> {
    if (!this.#file) {
      yield* this.#pieces
      return
    }
    const buffer = Buffer.alloc(IN_MEMORY)
    for (let at = 0; ; ) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      at += bytesRead
      yield Buffer.from(buffer.subarray(0, bytesRead))
    }
  }

  async discard(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    this.#pieces = []
    await file?.close()
  }
}

async function namelessFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `cordon-letter-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}
