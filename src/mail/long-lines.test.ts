import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineLengths, LongLines, withShortLines } from './long-lines.ts'

const SIZES = [1, 7, 998, 999, 1000, 1 << 20]
function folded(message: string | Uint8Array, piece = 1 << 20): Buffer {
  const lines = new LongLines()
  const bytes = Buffer.from(message)
  const out: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += piece)
    out.push(lines.push(bytes.subarray(at, at + piece)))
  return Buffer.concat([...out, lines.end()])
}
const a = (length: number) => 'a'.repeat(length)
const linesOf = (bytes: Buffer) => bytes.toString('latin1').split('\r\n')

test('a line of 998 octets stays, a longer one is folded', () => {
  for (const piece of SIZES) {
    for (const message of [
      '',
      `${a(998)}\r\n`,
      a(998),
      `x\r\n${a(998)}\r\n\r\n${a(997)}\r\n`.repeat(9),
    ])
      assert.equal(String(folded(message, piece)), message, `${piece}`)
    assert.equal(String(folded(a(999), piece)), `${a(998)}\r\n a`)
    assert.equal(
      String(folded(`${a(2000)}\r\n${a(999)}\r\nb\r\n`, piece)),
      `${a(998)}\r\n ${a(997)}\r\n ${a(5)}\r\n${a(998)}\r\n a\r\nb\r\n`,
    )
  }
})

test('at white space where there is some near the end: a field says the same, with nothing put in', () => {
  const ids = Array.from({ length: 60 }, (_, i) => `<CAF${i}@mail.gmail.example>`).join(' ')
  const links = '<a href="https://shop.example/p?id=0123456789abcdef">Angebot</a> '.repeat(40)
  for (const line of [`References: ${ids}`, `<p>${links}</p>`])
    for (const piece of SIZES) {
      const text = String(folded(`${line}\r\n\r\nx\r\n`, piece))
      assert.equal(text.replaceAll('\r\n ', ' '), `${line}\r\n\r\nx\r\n`)
      assert.ok(text.split('\r\n').every(part => part.length <= 998))
    }
})

test('no character is cut, whatever the character set', () => {
  assert.equal(String(folded(`${a(997)}ü`)), `${a(996)}\r\n aü`)
  assert.equal(String(folded(`${a(900)}${'😊'.repeat(40)}b`)).replaceAll('\r\n ', '').length, 981)
  const japanese = '表計'.repeat(800)
  const shiftJis = Buffer.from('95 5c 8c 76'.replaceAll(' ', ''), 'hex')
  const eucJp = Buffer.from('c9bdb7d7', 'hex')
  const charsets = [
    ['utf-8', Buffer.from(japanese)],
    ['shift_jis', Buffer.alloc(3200, shiftJis)],
    ['euc-jp', Buffer.alloc(3200, eucJp)],
    ['iso-2022-jp', Buffer.from(`\x1b$B${'I=7W'.repeat(800)}\x1b(B`, 'latin1')],
  ] as const
  for (const [charset, line] of charsets)
    for (const piece of [7, 1 << 20]) {
      const out = folded(line, piece)
      const text = new TextDecoder(charset, { fatal: true }).decode(out)
      assert.equal(text.replaceAll('\r\n ', ''), japanese, charset)
      const each = linesOf(out)
      assert.ok(each.length > 3 && each.every(part => part.length <= 998), charset)
      // Each line can be read alone, as ISO-2022-JP has it.
      for (const part of each)
        new TextDecoder(charset, { fatal: true }).decode(Buffer.from(part, 'latin1'))
    }
})

test('nothing is folded within =XX of quoted-printable, nor within a character of UTF-8 in it', () => {
  for (const front of ['', 'a', 'aa', 'aaa', 'aaaa', 'aaaaa']) {
    const out = linesOf(folded(`${front}${'=C3=BC'.repeat(800)}\r\n`))
    for (const part of out) assert.match(part, /^ ?a{0,5}(?:=C3=BC)*$/)
  }
})

test('a line of which nothing is known is folded at the limit', () => {
  for (const unit of ['=', ' ', '\x1b', '\x0e', '\x80', '=A', '\x1b$B', '\x1b$B!', '=\x80 '])
    for (const piece of [7, 1 << 20]) {
      const line = Buffer.from(unit.repeat(4000), 'latin1')
      const each = linesOf(folded(line, piece))
      assert.ok(
        each.every(part => part.length <= 998),
        JSON.stringify(unit),
      )
      const isSmall = each.slice(0, -1).every(part => part.length > 890)
      assert.ok(isSmall, `${JSON.stringify(unit)}: ${each.map(part => part.length)}`)
    }
})

test('a body that is sent: nothing of it is missing', async () => {
  const out: Uint8Array[] = []
  async function* body() {
    yield Buffer.from('a\r\nb')
    yield Buffer.from(a(1200))
  }
  for await (const chunk of withShortLines(body())) out.push(chunk)
  assert.equal(String(Buffer.concat(out)), `a\r\nb${a(997)}\r\n ${a(203)}`)
})

test('a line over the limit is seen, in whatever pieces the message comes', () => {
  for (const length of [0, 1, 996, 997, 998, 999, 1000, 1001, 1002, 3000])
    for (const before of ['', 'x\r\n', `${a(998)}\r\n`, `${a(400)}\r\n`.repeat(5)])
      for (const after of ['', '\r\n', `\r\n${a(998)}\r\n`]) {
        const message = Buffer.from(`${before}${a(length)}${after}`)
        // Without its end a line of 998 octets may be followed by CR LF.
        const isLong = length > 998 && !(after === '' && length < 1000)
        for (const piece of SIZES) {
          const lines = new LineLengths()
          for (let at = 0; at < message.length; at += piece)
            lines.push(message.subarray(at, at + piece))
          assert.equal(lines.areLong, isLong, `${before.length} ${length} ${after.length} ${piece}`)
        }
      }
})
