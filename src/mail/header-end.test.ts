import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as assertAll, constantFrom, nat, property } from 'fast-check'
import { HeaderEnd, MAX_FIELDS, MAX_HEADER } from './header-end.ts'

function ended(message: string, cuts: readonly number[] = []): { passed: string; over: boolean } {
  const header = new HeaderEnd()
  const bytes = Buffer.from(message, 'latin1')
  const parts: Uint8Array[] = []
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    parts.push(header.push(bytes.subarray(from, cut)))
    from = Math.max(from, cut)
  }
  parts.push(header.end())
  return { passed: Buffer.concat(parts).toString('latin1'), over: header.tooLarge !== undefined }
}

const REST = 'X: y\r\n\r\nbody\r\n junk\r\nFrom x\r\n'

test('what is a header passes as it is', () => {
  for (const message of [
    '',
    '\r\n',
    '\n',
    '\r\nnot a field\r\n',
    'Subject: x',
    'Subject: x\r\n',
    'Subject: x\r\n\r\n',
    'Subject: x\n\n',
    `A: b\r\n c\r\n\td\r\n \r\n${REST}`,
    `!"#$%&'()*+,-./;<=>?@[\\]^_\`{|}~:x\r\n${REST}`,
    `A:\r\nB:b:b\r\nC: \0 \xff \x7f\r\n${REST}`,
    `>From: x\r\nFrom:x\r\n${REST}`,
    `A: b\rc\r\n${REST}`,
  ])
    assert.equal(ended(message).passed, message, JSON.stringify(message))
})

test('an empty line goes in front of what is no field', () => {
  for (const line of [
    'junk',
    'junk junk: x',
    ': no name',
    'N\0ame: x',
    'N\xe4me: x',
    'Name\x7f: x',
    'Name\r',
    'From a@b Thu Jan  1 00:00:00 2026',
    '>From a@b',
    'http //x',
    '\0',
    '\r',
    '-',
  ]) {
    const message = `Subject: x\r\n folded\r\n${line}\r\n${REST}`
    assert.equal(ended(message).passed, message.replace(' folded\r\n', ' folded\r\n\r\n'), line)
    // Also when nothing comes after it, and nothing ends it.
    const last = `Subject: x\r\n${line}`
    const wanted = line === '\r' ? last : `Subject: x\r\n\r\n${line}`
    assert.equal(ended(last).passed, wanted, line)
  }
})

test('a first line that goes on from nothing is body', () => {
  for (const space of [' ', '\t']) {
    const message = `${space}x: y\r\n${REST}`
    assert.equal(ended(message).passed, `\r\n${message}`)
  }
})

test('lines of a mailbox file at the top become fields, and only there', () => {
  const lines = 'From a@b Thu Jan  1 00:00:00 2026\r\n>From a@b\r\n>>From \r\n'
  const renamed = lines.replaceAll(/(?<=^|\n)(?=.)/g, 'X-Mailbox-Line: ')
  assert.equal(ended(lines + REST).passed, renamed + REST)
  assert.equal(ended('From x').passed, 'X-Mailbox-Line: From x')
  assert.equal(ended('From ').passed, 'X-Mailbox-Line: From ')
  // They have no second line: what follows would be read as theirs by some, and as body by others.
  assert.equal(
    ended(`From x\r\n y: z\r\n${REST}`).passed,
    `X-Mailbox-Line: From x\r\n\r\n y: z\r\n${REST}`,
  )
  assert.equal(ended(`A: b\r\nFrom x\r\n${REST}`).passed, `A: b\r\n\r\nFrom x\r\n${REST}`)
  assert.equal(ended(`From\tx\r\n${REST}`).passed, `\r\nFrom\tx\r\n${REST}`)
  assert.equal(ended(`From\r\n${REST}`).passed, `\r\nFrom\r\n${REST}`)
  assert.equal(ended(`Fro>m x\r\n${REST}`).passed, `\r\nFro>m x\r\n${REST}`)
})

test('space before a colon is left out', () => {
  assert.equal(
    ended(`From : x\r\nTo\t \t:y\r\nCc:  z\r\n${REST}`).passed,
    `From: x\r\nTo:y\r\nCc:  z\r\n${REST}`,
  )
})

test('a header over a limit says which, and how much of it was read', () => {
  const over = (text: string) => {
    const header = new HeaderEnd()
    header.push(Buffer.from(text))
    return header.tooLarge
  }
  assert.match(
    over('A: b\r\n'.repeat(MAX_FIELDS + 1)) ?? '',
    /^it has more than 1000 fields: 1001 fields and 6 KiB were read$/,
  )
  assert.match(
    over(`A: b\r\n${' x\r\n'.repeat(MAX_HEADER / 4)}`) ?? '',
    /^it has more than 256 KiB: 1 fields and 257 KiB were read$/,
  )
  assert.equal(over('A: b\r\n\r\n'), undefined)
})

test('a header over a limit is not passed on, one at the limit is', () => {
  const fields = (count: number) => `${'A:\r\n'.repeat(count)}\r\nbody`
  assert.equal(ended(fields(MAX_FIELDS)).over, false)
  assert.equal(ended(fields(MAX_FIELDS + 1)).over, true)
  assert.equal(ended('From x\r\n'.repeat(MAX_FIELDS + 1)).over, true)
  const sized = (size: number, rest: string) => `A: ${'x'.repeat(size - 7)}\r\n\r\n${rest}`
  const long = 'y'.repeat(MAX_HEADER)
  assert.deepEqual(ended(sized(MAX_HEADER, long)), { passed: sized(MAX_HEADER, long), over: false })
  assert.equal(ended(sized(MAX_HEADER + 1, '')).over, true)
  // A line that might still become a name is not waited for without end: then it is none.
  assert.equal(ended(`${'n'.repeat(900)}: x`).passed, `${'n'.repeat(900)}: x`)
  assert.equal(ended(`${'n'.repeat(901)}: x`).passed, `\r\n${'n'.repeat(901)}: x`)
  assert.equal(ended('n'.repeat(MAX_HEADER + 1)).over, false)
  assert.equal(ended('A: b\r\n x\r\n'.repeat(MAX_HEADER / 10 + 1)).over, true)
})

test('the body is passed on without a copy', () => {
  const header = new HeaderEnd()
  const chunk = Buffer.from(`${REST}${'z'.repeat(1000)}`)
  assert.equal(header.push(chunk).buffer, chunk.buffer)
  assert.equal(header.push(chunk), chunk)
})

const PIECES =
  '\r\n|\r\n|\r|\n| |\t|:|>|From|From |A|Subject: x\r\n| folded\r\n|\0|\xe4|>From |junk\r\n|\r\n\r\n|Name : '
const message = array(constantFrom(...PIECES.split('|')), { maxLength: 12 }).map(parts =>
  parts.join(''),
)

test('wherever it is cut, the same comes out; and once more changes nothing', () => {
  assertAll(
    property(message, array(nat(60), { maxLength: 5 }), (text, cuts) => {
      const whole = ended(text).passed
      const places = cuts.map(cut => Math.min(cut, text.length)).toSorted((a, b) => a - b)
      assert.equal(ended(text, places).passed, whole)
      assert.equal(
        ended(
          text,
          Array.from(text, (_, i) => i),
        ).passed,
        whole,
      )
      assert.equal(ended(whole).passed, whole)
    }),
    { numRuns: 2000 },
  )
})

test('a limit is a limit wherever it is cut', () => {
  const near = (extra: number) =>
    `${'A:\r\n'.repeat(MAX_FIELDS - 2)}${'B: c\r\n'.repeat(extra)}junk\r\n`
  for (const extra of [0, 1, 2, 3]) {
    const text = near(extra)
    for (const cut of [1, 3995, text.length - 8, text.length - 3])
      assert.equal(ended(text, [cut]).over, extra > 2, `${extra} ${cut}`)
  }
})

test('the line that ended it is told: printable, short, and which it is, wherever the chunks end', () => {
  const long = `b\xe4d\0${'x'.repeat(5000)}`
  for (const [message, line, number] of [
    ['Subject: disk full\r\nThe disk is full\r\n', 'The disk is full', 2],
    ['Subject: x\r\n folded\r\nTo: y\r\njunk', 'junk', 4],
    [`${long}\r\nmore`, `b?d?${'x'.repeat(76)}`, 1],
  ] as const)
    for (const size of [1, 3, 10_000]) {
      const header = new HeaderEnd()
      const bytes = Buffer.from(message, 'latin1')
      for (let at = 0; at < bytes.length; at += size) header.push(bytes.subarray(at, at + size))
      header.end()
      assert.deepEqual(header.endedAt, { line, number })
    }
  const whole = new HeaderEnd()
  whole.push(Buffer.from('Subject: x\r\n\r\nbody\r\n'))
  assert.equal(whole.endedAt, undefined)
})
