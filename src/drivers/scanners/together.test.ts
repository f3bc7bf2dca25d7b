import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scanned, Scanner } from '../../ports/scanner.ts'
import { letter } from '../../../test/support/scanner-contract.ts'
import { scannersTogether } from './together.ts'

/** Finds a program by the name of a file, as the bytes have it. */
function reader() {
  const read: string[] = []
  const scanner: Scanner = {
    name: 'reader',
    sees: 'all',
    scan: async message => {
      const chunks: Uint8Array[] = []
      for await (const chunk of message.read()) chunks.push(chunk)
      const text = Buffer.concat(chunks).toString('latin1')
      read.push(text)
      return { content: /name=\S*\.exe(?=[\s;"])/.test(text) ? 'spam' : 'clean' }
    },
  }
  return { read, together: scannersTogether([scanner], 1000, error => assert.fail(String(error))) }
}
const message = (text: string, more: Partial<Scanned> = {}): Scanned => ({
  ...letter(async function* () {
    yield Buffer.from(text)
  }),
  ...more,
})

test('a message whose lines are short is scanned once', async () => {
  const { read, together } = reader()
  await together.scan(message(`Subject: x\r\n\r\n${'a'.repeat(998)}\r\n`))
  assert.equal(read.length, 1)
})

test('a program that only the fold of a long line makes is found, as Cordon folds and as Postfix does', async () => {
  const start = 'Content-Type: application/octet-stream; name='
  for (const folds of ['ours', 'postfix'] as const) {
    const { read, together } = reader()
    const line = `${start}${'a'.repeat(998 - start.length - 4)}.exe.txt`
    const found = await together.scan(message(`${line}\r\n\r\nx\r\n`, { folds }))
    assert.equal(read.length, 2)
    assert.match(read[0] ?? '', /\.exe\.txt/, 'as it is kept')
    assert.equal(found.content, 'spam', folds)
  }
})

test('a program that is in what is kept, and in no fold, is found', async () => {
  const { together } = reader()
  const found = await together.scan(
    message(`X: ${'a'.repeat(1200)}\r\nContent-Type: text/plain; name=x.exe;\r\n\r\nx\r\n`),
  )
  assert.equal(found.content, 'spam')
})
