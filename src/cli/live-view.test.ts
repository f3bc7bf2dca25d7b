import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../test/support/serve.ts'
import { NOW } from '../../test/support/small-cordon.ts'
import type { Event } from '../model/event.ts'
import { asIs, lineOf, terminalView } from './live-view.ts'
import { table } from './table.ts'

const ESCAPE = '\x1b[31m'
const weighed = {
  kind: 'evidence-weighed',
  id: 'e1',
  seq: 1,
  at: NOW,
  subject: 'line:anna',
  unit: 'u1',
  cell: 'message/spam',
  why: `message to ${ESCAPE}nobody`,
  nats: 1,
  sum: 2,
  holdAt: 5,
  containAt: 10,
  kinds: ['content'],
} as const satisfies Event

/** What is drawn on a terminal of so many colours. */
async function drawn(hasColors: boolean): Promise<string> {
  const first = Promise.withResolvers<string>()
  const out = {
    columns: 100,
    rows: 30,
    hasColors: () => hasColors,
    write: (text: string) => void (text.includes('line:anna') && first.resolve(text)),
  }
  const view = terminalView(out as unknown as NodeJS.WriteStream, ['A title'], asIs)
  view.take(weighed)
  const text = await first.promise
  view.close()
  return text
}

test('what is said again stands once, with how often; lines and logins are named as people know them', async () => {
  const drawings: string[] = []
  const out = {
    columns: 60,
    rows: 20,
    hasColors: () => false,
    write: (text: string) => void drawings.push(text),
  }
  const named = (words: string) => words.replaceAll('line:anna', "anna's line")
  const view = terminalView(
    out as unknown as NodeJS.WriteStream,
    ['A title', 'x'.repeat(99)],
    named,
  )
  for (let i = 0; i < 3; i++) view.take({ ...weighed, at: NOW + i * 60_000 })
  view.take({ ...weighed, nats: 0.01 })
  const drawn = await eventually(() => drawings.find(text => text.includes('A title')))
  view.close()
  const lines = drawn
    .slice('\x1b[H'.length)
    .replaceAll('\x1b[K', '')
    .replaceAll('\x1b[J', '')
    .split('\n')
  assert.deepEqual(
    lines.filter(line => line.length > 60),
    [],
  )
  assert.ok(lines.length <= 20)
  const said = lines.filter(line => line.includes('+1.0'))
  assert.equal(said.length, 1)
  assert.match(said[0] ?? '', /Z {2}3 times: anna's line {2}\+1\.0 = 2\.0/)
})

const colours = (text: string) => text.split('\x1b').filter(rest => /^\[[\d;]*m/.test(rest))

test('colours only where they are wanted (NO_COLOR), and never alone', async () => {
  assert.deepEqual(colours(await drawn(false)), [])
  const coloured = await drawn(true)
  assert.ok(colours(coloured).length > 0)
  assert.match(coloured, /watched/)
})

test('what came from outside cannot command the terminal of its reader', async () => {
  assert.ok(!/\p{Cc}/u.test(table([], [['550 \x1b]0;owned\x07 \u009b2J']]).replaceAll('\n', '')))
  assert.match(table(['WHY'], [['\x1b[2J']]), /\\x1b\[2J/)
  assert.ok(!(await drawn(false)).includes(ESCAPE))
  assert.ok(!lineOf(weighed)?.includes(ESCAPE))
})

test('why a line is contained is said before that it is: a near-certain sign decides below the threshold', () => {
  const contained = {
    kind: 'incident-changed',
    id: 'e2',
    seq: 2,
    at: NOW,
    incident: 'i1',
    caseCode: 'AB-1234',
    subject: 'line:anna',
    status: 'contained',
    sum: 2,
    summary: 'port 25 of 10 different servers',
  } as const satisfies Event
  assert.equal(lineOf(contained), 'line:anna  case AB-1234: port 25 of 10 different servers')
  assert.equal(lineOf({ ...contained, status: 'probation' }), undefined)
})
