// Between the last byte of a message and its 250 there is a completed fsync. Looked at from outside, with strace; and
// shown to be red when the database does not sync: a SIGKILL alone would never notice.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { talk } from '../support/smtp-talk.ts'

for (const [synchronous, durable] of [
  ['FULL', true],
  ['NORMAL', false],
] as const) {
  for (const size of [500, 200_000]) {
    // A large body is synced as a file of its own, whatever the database does.
    const expected = durable || size > 65_536
    test(`synchronous=${synchronous}, ${size} bytes: ${expected ? 'synced before 250' : 'the test sees that it is not'}`, async () => {
      const trace = await traceOneMessage(synchronous, size)
      assert.equal(syncedBefore250(trace), expected)
    })
  }
}

async function traceOneMessage(synchronous: string, size: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-fsync-'))
  const log = join(folder, 'strace')
  const watched = [
    '-f',
    // With the path of each descriptor, for whoever has to read it.
    '-y',
    '-s',
    '64',
    '-o',
    log,
    '-e',
    'trace=fsync,fdatasync,write,writev,read,recvfrom',
  ]
  const server = spawn(
    'strace',
    [
      ...watched,
      process.execPath,
      join(import.meta.dirname, 'durable-server.ts'),
      folder,
      synchronous,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    const client = await talk(await portOf(server))
    await client.say('HELO mx.meadow.example\r\n')
    // Only the second is looked at: the first may begin a write-ahead log, whose header SQLite syncs in any mode.
    for (let i = 0; i < 2; i++) {
      await client.say('MAIL FROM:<a@meadow.example>\r\n')
      await client.say('RCPT TO:<anna@isp.example>\r\n')
      await client.say('DATA\r\n')
      await client.say(
        `Subject: x\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(Math.ceil(size / 1000))}LASTLINE\r\n.\r\n`,
      )
    }
    client.end()
    return readFileSync(log, 'utf8')
  } finally {
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    // strace dies alone when it is killed; the process it watched is stopped by its own number.
    const pid = /^(\d+)/.exec(readFileSync(log, 'utf8'))?.[1]
    if (pid) process.kill(Number(pid), 'SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

async function portOf(server: ChildProcess): Promise<number> {
  let text = ''
  for await (const chunk of server.stdout ?? []) {
    text += String(chunk)
    if (text.includes('\n')) return Number(text)
  }
  throw new Error('the server did not start')
}

/** True when some fsync or fdatasync began and ended between reading the end of the message and writing its 250. */
function syncedBefore250(trace: string): boolean {
  const lines = trace.split('\n')
  const sent = lines.findLastIndex(line => /write(?:v)?\(.*"250 2\.0\.0 Ok: /.test(line))
  const read = lines.findLastIndex((line, i) => i < sent && /"354 End data/.test(line))
  assert.ok(read > 0 && sent > read, 'the trace shows the message')
  return lines
    .slice(read, sent)
    .some(line =>
      /\b(?:fsync|fdatasync)\(\d+<[^>]*>\)\s+= 0|<\.\.\. (?:fsync|fdatasync) resumed>.*= 0/.test(
        line,
      ),
    )
}
