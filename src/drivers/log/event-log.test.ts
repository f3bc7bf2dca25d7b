import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import type { Event } from '../../model/event.ts'
import { linesTo, openLog, plain } from './event-log.ts'

const refusal: Event = {
  kind: 'judged',
  id: 'n.1',
  seq: 1,
  at: 0,
  who: { realm: 'main', address: '192.0.2.1', sure: 'unknown' },
  listener: 'inbound',
  stage: 'rcpt',
  rule: 'relay',
  reason: 'relay-denied',
  verdict: 'reject',
}

test('a trouble that is no Error is told in its words', () => {
  const lines: string[] = []
  const log = openLog('info', { write: line => void lines.push(line) })
  const loop: Record<string, unknown> = {}
  loop['self'] = loop
  for (const thrown of [{ code: 'ETIMEOUT', selector: 'arc' }, { message: 'no key' }, 'gone', loop])
    log.trouble(thrown, 'sealing')
  const told = lines.map(line => (JSON.parse(line) as { error: string }).error)
  assert.deepEqual(told.slice(0, 3), ['{"code":"ETIMEOUT","selector":"arc"}', 'no key', 'gone'])
  assert.equal(told.length, 4)
})

test('trouble that comes again and again is told once', () => {
  const lines: string[] = []
  const log = openLog('info', { write: line => void lines.push(line) })
  const look = () => log.trouble(new Error('customers.csv:3: it is cut off'), 'the leases of Kea')
  for (let i = 0; i < 50; i++) look()
  log.trouble(new Error('customers.csv:4: it is cut off'), 'the leases of Kea')
  assert.equal(lines.length, 2)
})

test('an event is one JSON line under its own words, and plain on a terminal', () => {
  const lines: string[] = []
  const log = openLog('info', { write: line => void lines.push(line) })
  log.event(refusal)
  log.trouble(new Error('no room'), 'storing a message\nand lying')
  const [first = '', second = ''] = lines
  assert.equal(lines.length, 2)
  const { level, time, ...rest } = JSON.parse(first) as Record<string, unknown>
  assert.equal(level, 'info')
  assert.match(String(time), /^\d{4}-\d\d-\d\dT/)
  assert.deepEqual(Object.keys(rest), [
    'kind',
    'who',
    'listener',
    'stage',
    'rule',
    'reason',
    'verdict',
  ])
  assert.match(
    plain(first),
    /^[\d:]{8}Z info {2}judged who=\{realm:main address:192\.0\.2\.1 sure:unknown\} listener=inbound/,
  )
  assert.equal(plain(second).trimEnd().split('\n').length, 1, 'nobody can write a second line')
})

test('levels keep quiet what is below them', () => {
  const lines: string[] = []
  openLog('warn', { write: line => void lines.push(line) }).event(refusal)
  assert.deepEqual(lines, [])
})

test('mail that is only large is in the log at info, as often as it is counted', () => {
  const lines: string[] = []
  const large: Event = {
    kind: 'message-unreadable',
    id: 'n.2',
    seq: 2,
    at: 0,
    who: refusal.who,
    session: 'n.s',
    message: '1M8',
    listener: 'submission',
    unreadable: ['large'],
    cause: 'it goes on beyond its first mebibyte',
  }
  openLog('info', { write: line => void lines.push(line) }).event(large)
  assert.match(lines.join(''), /"level":"info".*"message-unreadable".*"large"/)
})

test('a reload that was refused is a warning, and its answer stands in the line', () => {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const reload = (done: boolean) =>
    openLog('warn', { write }).event({
      kind: 'order-given',
      id: 'n.1.1',
      seq: 1,
      at: 0,
      actor: 'signal SIGHUP',
      order: 'reload',
      target: 'the configuration',
      outcome: { done, text: 'cordon.yaml:1: no' },
    })
  reload(true)
  assert.deepEqual(lines, [])
  reload(false)
  assert.match(lines[0] ?? '', /"level":"warn".*cordon\.yaml:1: no/)
})

test('lines that no program reads are lost beyond a bound, and how many is told', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-log-'))
  const pipe = join(folder, 'pipe')
  execFileSync('sh', ['-c', `mkfifo "${pipe}"`])
  const fd = openSync(pipe, 'r+')
  const out = linesTo(fd)
  const line = `${JSON.stringify({ kind: 'x'.repeat(1000) })}\n`
  const count = 40_000
  for (let i = 0; i < count; i++) out.write(line)
  let read = 0
  for await (const text of createInterface({ input: createReadStream(pipe) })) {
    const lost = /(\d+) lines are lost/.exec(text)?.[1]
    if (lost !== undefined) {
      assert.equal(read + Number(lost), count)
      closeSync(fd)
      break
    }
    read++
  }
  assert.ok(read * line.length < 17 * 1024 * 1024)
  rmSync(folder, { recursive: true })
})
