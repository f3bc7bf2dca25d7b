import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { Frames } from './frames.ts'
import type { LogLine } from './log-line.ts'
import { readLog } from './read-log.ts'
import { unpackedLog } from './unpacked-log.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const AT = Date.UTC(2026, 10, 21, 9, 0, 1)
const frames = new Frames(NOW)

const expected = (zoneKnown: boolean, more: Partial<LogLine> = {}): LogLine => ({
  at: AT,
  zoneKnown,
  host: 'mx',
  program: 'postfix/smtpd',
  pid: '12',
  text: 'A1B2C3: client=x',
  ...more,
})

test('every frame gives the same line', () => {
  const said = 'mx postfix/smtpd[12]: A1B2C3: client=x'
  const lines: readonly (readonly [string, LogLine])[] = [
    [`Nov 21 09:00:01 ${said}`, expected(false)],
    [`2026-11-21T10:00:01.000000+01:00 ${said}`, expected(true)],
    ['<22>1 2026-11-21T10:00:01+01:00 mx postfix/smtpd 12 - - A1B2C3: client=x', expected(true)],
    [
      '<22>1 2026-11-21T10:00:01+01:00 mx postfix/smtpd 12 - [a@1 b="\\"]"] A1B2C3: client=x',
      expected(true),
    ],
    [`mail-1  | Nov 21 09:00:01 ${said}`, expected(false)],
    [`mail-1  | 2026-11-21T09:00:01.000000000Z Nov 21 10:00:01 ${said}`, expected(true)],
    [`2026-11-21T09:00:01.000000000Z Nov 21 10:00:01 ${said}`, expected(true)],
    [
      JSON.stringify({
        MESSAGE: 'A1B2C3: client=x',
        _SOURCE_REALTIME_TIMESTAMP: `${AT}000`,
        SYSLOG_IDENTIFIER: 'postfix/smtpd',
        _HOSTNAME: 'mx',
        SYSLOG_PID: '12',
      }),
      expected(true),
    ],
    [
      JSON.stringify({
        MESSAGE: [...Buffer.from('A1B2C3: client=x')],
        __REALTIME_TIMESTAMP: `${AT}000`,
        SYSLOG_IDENTIFIER: 'postfix/smtpd',
        _HOSTNAME: 'mx',
        _PID: '12',
      }),
      expected(true),
    ],
  ]
  for (const [line, want] of lines) assert.deepEqual(frames.read(line), want, line)
})

test('Exim writes milliseconds, zone and process where it is told to', () => {
  const want = { host: '', program: 'exim', pid: '', text: '1oxyzA-000abc-0Q Completed' }
  for (const [stamp, zoneKnown, more] of [
    ['2026-11-21 09:00:01', false, {}],
    ['2026-11-21 09:00:01.250', false, { at: AT + 250 }],
    ['2026-11-21 10:00:01 +0100', true, {}],
    ['2026-11-21 10:00:01.250 +0100 [77]', true, { at: AT + 250, pid: '77' }],
    ['2026-11-21 09:00:01 [77]', false, { pid: '77' }],
  ] as const)
    assert.deepEqual(
      frames.read(`${stamp} 1oxyzA-000abc-0Q Completed`),
      expected(zoneKnown, { ...want, ...more }),
      stamp,
    )
})

test('what has no frame is none', () => {
  for (const line of [
    '',
    'hello',
    '{',
    '{"a":1}',
    '<22>1 x',
    'Nov 31 09:00:01 mx a[1]: b',
    '2026-11-21T25:00:01Z mx a: b',
  ])
    assert.equal(frames.read(line), undefined, line)
})

async function linesOf(content: Buffer): Promise<(LogLine | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-log-'))
  const file = join(folder, 'log')
  writeFileSync(file, content)
  const found: (LogLine | undefined)[] = []
  await readLog(file, { now: NOW, line: one => void found.push(one.line) })
  rmSync(folder, { recursive: true })
  return found
}

test('the journal as it is exported, also with bytes that are no text', async () => {
  const message = Buffer.from('A1B2C3: client=x\nsecond')
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(message.length))
  const entry = `__CURSOR=s\n__REALTIME_TIMESTAMP=${AT}000\nSYSLOG_IDENTIFIER=postfix/smtpd\n_HOSTNAME=mx\n_PID=12\n`
  const found = await linesOf(
    Buffer.concat([
      Buffer.from(`${entry}MESSAGE\n`),
      length,
      message,
      Buffer.from(`\n\n${entry}MESSAGE=A1B2C3: client=x\n\n`),
    ]),
  )
  const cursor = 's'
  assert.deepEqual(found, [
    expected(true, { text: message.toString(), cursor }),
    expected(true, { cursor }),
  ])
})

test('a compressed log is known by its bytes, and a last line needs no end', async () => {
  const text = 'Nov 21 09:00:01 mx postfix/smtpd[12]: A1B2C3: client=x'
  const whole = `${text}\n${text}`
  const programs = ['xz', 'bzip2'].map(name => execFileSync(name, ['-c'], { input: whole }))
  for (const packed of [gzipSync(whole), zstdCompressSync(whole), ...programs])
    assert.deepEqual(await linesOf(packed), [expected(false), expected(false)])
})

test('a compressed log that ends too soon is not read as a whole one', async () => {
  const whole = 'Nov 21 09:00:01 mx postfix/smtpd[12]: A1B2C3: client=x\n'.repeat(1000)
  for (const name of ['gzip', 'zstd', 'xz', 'bzip2']) {
    const packed = execFileSync(name, ['-c'], { input: whole })
    await assert.rejects(linesOf(packed.subarray(0, packed.length - 20)), /unexpected|ended/i, name)
  }
})

test('a compressed log of several parts is read whole, and what is none behind it is told', async () => {
  const line = 'Nov 21 09:00:01 mx postfix/smtpd[12]: A1B2C3: client=x'
  const many = Array.from({ length: 4_000 }, (_, i) => `${line}${(i * 7919) % 4_001}`).join('\n')
  for (const name of ['gzip', 'zstd', 'xz', 'bzip2']) {
    const pack = (text: string) => execFileSync(name, ['-c'], { input: `${text}\n` })
    const [small, large] = [pack(line), pack(many)]
    assert.equal((await linesOf(Buffer.concat([small, large, small, small]))).length, 4_003, name)
    for (const behind of ['garbage', 'x'])
      await assert.rejects(linesOf(Buffer.concat([small, Buffer.from(behind)])), Error, name)
  }
  // Wherever chunks end, also where a part does.
  const text = `${many}\n`
  const part = zstdCompressSync(text)
  const whole = Buffer.concat([part, part, part])
  for (const size of [5, 1000, part.length, part.length + 3, whole.length]) {
    const chunks = (async function* () {
      for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size)
    })()
    const read: Buffer[] = []
    for await (const chunk of await unpackedLog(chunks)) read.push(chunk as Buffer)
    assert.ok(Buffer.concat(read).equals(Buffer.from(text.repeat(3))), String(size))
  }
  // As pzstd writes them: RFC 8878 §3.1.2, a frame that is to be skipped before each.
  const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4])
  const small = zstdCompressSync(`${line}\n`)
  const several = Buffer.concat([skipped, small, skipped, part, skipped])
  assert.equal((await linesOf(several)).length, 4_001)
})

test('Dovecot’s own file', () => {
  const line = new Frames(Date.UTC(2026, 10, 28)).read(
    'Nov 27 21:57:09 imap-login: Info: Login: user=<up>, method=PLAIN, rip=127.0.0.1, lip=127.0.0.1, mpid=6898, secured, session=<x>',
  )
  assert.deepEqual([line?.program, line?.host], ['dovecot', ''])
  assert.match(line?.text ?? '', /^imap-login: Info: Login: user=<up>, /)
})
