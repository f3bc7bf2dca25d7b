// Python's email package as somebody else who reads a message: one process for as many messages as are asked about.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Strings have one character a byte. */
export type SecondReading = {
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly from: readonly string[]
  /** Of compat32: by a program that decodes From before it looks for addresses. */
  readonly decodedFirst?: readonly string[]
  /** It could not read From. */
  readonly gaveUp?: true
  readonly files: readonly string[]
  /** In To, Cc, Bcc, Reply-To. */
  readonly to: readonly string[]
  readonly texts: readonly string[]
}

/** Under its two policies. */
export type SecondReadings = Readonly<Record<'default' | 'compat32', SecondReading>>

export type SecondReader = {
  /** In the order of the messages. Rejects when it ends before it has read them all. */
  read(messages: readonly Buffer[]): Promise<readonly SecondReadings[]>
  stop(): Promise<void>
}

export function secondReader(): SecondReader {
  const child = spawn('python3', [join(import.meta.dirname, 'second-reader.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  child.stdin.on('error', () => undefined)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    read: async messages => {
      for (const message of messages) child.stdin.write(`${message.toString('base64')}\n`)
      const found: SecondReadings[] = []
      while (found.length < messages.length) {
        const line = await lines.next()
        if (line.done) throw new Error('python3 has ended')
        found.push(JSON.parse(line.value) as SecondReadings)
      }
      return found
    },
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
