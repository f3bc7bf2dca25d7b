// Archives in mail from outside, by the real program: what they hide is found, what cannot be listed is said, and nobody else's mail waits
// for it.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { unreadable } from '../../src/core/policy/unreadable.ts'
import { readJournal } from '../../src/drivers/journal/read-journal.ts'
import type { Event } from '../../src/model/event.ts'
import { replayPolicy } from '../../src/simulation/virtual/replay-policy.ts'
import { bottomless, isoInItself, rarOfRecords, zipOf } from '../support/hostile-archives.ts'
import { eventually, type Served, serve } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'

let served: Served
before(async () => {
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
listeners: [{ kind: inbound, port: 0, trustedXclient: [127.0.0.1] }]
rules: { attachment: enforce }
`)
})
after(() => served.stop())

const letter = (name: string, bytes: Buffer) => `From: a@meadow.example
Subject: files
Content-Type: application/octet-stream; name="${name}"
Content-Transfer-Encoding: base64

${bytes.toString('base64').replaceAll(/.{76}/g, '$&\n')}
`
const send = (name: string, bytes: Buffer) =>
  strangerSends(served.ports[0] ?? 0, letter(name, bytes))
const zip = (name: string) => zipOf([{ name, data: Buffer.from('MZ') }])

async function journal(): Promise<Event[]> {
  const events: Event[] = []
  for await (const event of readJournal(join(served.folder, 'data/journal'), 0)) events.push(event)
  return events
}

test('a program in an archive is refused, a letter in one is taken', async () => {
  assert.match(await send('holiday.zip', zip('run.exe')), /^554 5\.7\.1 \[attachment\]/)
  assert.match(await send('holiday.zip', zip('letter.txt')), /^250 /)
})

test('what stopped the server once is taken and logged, as shipped', async () => {
  assert.match(await send('disk.dat', isoInItself().subarray(0, 700_000)), /^250 /)
  assert.match(await send('files.rar', rarOfRecords()), /^250 /)
  const found = await eventually(async () => {
    const all = await journal()
    return all.filter(({ kind }) => kind === 'message-unreadable').length >= 2 ? all : undefined
  })
  const said = found.flatMap(event => (event.kind === 'message-unreadable' ? event : []))
  for (const { unreadable, cause, listener } of said) {
    assert.equal(listener, 'inbound')
    // The second goes on beyond what is read.
    assert.ok(['archive', 'large,large-archive'].includes(unreadable.join()), unreadable.join())
    assert.ok(cause)
  }
  assert.equal(new Set(said.map(({ unreadable }) => unreadable.join())).size, 2)
  assert.equal(
    found.filter(event => event.kind === 'judged' && event.rule === 'unreadable' && event.observed)
      .length,
    1,
  )
})

test('another policy tried on it knows what could not be read', async () => {
  const { differences } = await replayPolicy(await journal(), {
    rules: [unreadable('enforce', { large: 'reject' })],
    since: 0,
  })
  const changed = differences.filter(({ rule }) => rule === 'unreadable')
  assert.deepEqual(
    changed.map(({ before, after, count }) => [before, after, count]),
    [['accept', 'reject', 2]],
  )
})

test('while one is listed that has no end, other mail comes and goes', async () => {
  const order: string[] = []
  const endless = send('a.tbz2', bottomless()).then(reply => order.push(reply.slice(0, 3), 'late'))
  assert.match(await strangerSends(served.ports[0] ?? 0, 'Subject: x\n\nhello\n'), /^250 /)
  assert.deepEqual(order, [])
  await endless
  assert.match(order[0] ?? '', /^(?:250|554)/)
  assert.match(await send('holiday.zip', zip('letter.txt')), /^250 /)
})
