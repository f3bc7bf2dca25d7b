import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LongLines, unfolded } from './long-lines.ts'

function folded(message: string, piece: number) {
  const lines = new LongLines()
  const bytes = Buffer.from(message)
  const out: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += piece)
    out.push(lines.push(bytes.subarray(at, at + piece)))
  return { out, folds: lines.folds, text: Buffer.concat(out).toString() }
}
async function whole(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all).toString()
}
async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const a = (length: number) => 'a'.repeat(length)

test('a line of 998 octets stays, a longer one is folded', () => {
  for (const piece of [1, 7, 998, 999, 1000, 1 << 20]) {
    for (const message of [
      '',
      `${a(998)}\r\n`,
      a(998),
      `x\r\n${a(998)}\r\n\r\n${a(997)}\r\n`.repeat(9),
    ])
      assert.equal(folded(message, piece).text, message, `${piece}`)
    assert.equal(folded(a(999), piece).text, `${a(998)}\r\n a`)
    assert.equal(
      folded(`${a(2000)}\r\n${a(999)}\r\nb\r\n`, piece).text,
      `${a(998)}\r\n ${a(997)}\r\n ${a(5)}\r\n${a(998)}\r\n a\r\nb\r\n`,
    )
  }
})

test('what is not too long is given back as it is', () => {
  const bytes = Buffer.from(`${a(70)}\r\n`.repeat(100))
  assert.equal(new LongLines().push(bytes), bytes)
})

test('no character is cut', () => {
  assert.equal(folded(`${a(997)}ü`, 1 << 20).text, `${a(997)}\r\n ü`)
  assert.equal(folded(`${a(995)}😊b`, 1 << 20).text, `${a(995)}\r\n 😊b`)
})

test('what came can be had again, however it was cut', async () => {
  const message = `${a(5000)}\r\n${`${a(1100)}\r\nbc\r\n`.repeat(5)}${a(998)}\r\n d`
  for (const piece of [3, 1000, 1 << 20]) {
    const { folds, text } = folded(message, piece)
    assert.notEqual(text, message)
    for (const size of [1, 2, 3, 999, 1 << 20])
      assert.equal(
        await whole(unfolded(cut(Buffer.from(text), size), folds)),
        message,
        `${piece} ${size}`,
      )
  }
})
