// Mail of a customer that cannot be read to its end is a weak sign, from the message to the case; the journal tells it again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EpisodeMode } from '../../src/model/episode.ts'
import type { Event } from '../../src/model/event.ts'
import { weigh } from '../../src/core/detection/weigh.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { annasHome } from '../support/annas-home.ts'

const START = Date.UTC(2026, 0, 5, 12)

type Sending = {
  readonly outside?: boolean
  readonly times?: number
  readonly episodes?: EpisodeMode
  /** Each to another recipient. */
  readonly fresh?: boolean
}

async function sent(
  body: string,
  { outside = false, times = 1, episodes = 'shadow', fresh = false }: Sending = {},
): Promise<readonly Event[]> {
  const cordon = await virtualCordon({
    ...annasHome,
    episodes,
    scanner: { name: 'none', sees: 'ours', scan: async () => ({ content: 'unseen' }) },
    now: () => START,
  })
  const sender = outside ? 'shop@far.example' : 'anna@isp.example'
  for (let i = 0; i < times; i++) {
    const draft = await cordon.engine.open({
      session: 's',
      listener: outside ? 'inbound' : 'submission',
      at: START + i,
      client: { realm: 'main', address: outside ? '198.51.100.9' : '203.0.113.7', port: 4000 },
      tls: true,
      helo: 'x',
      ...(outside ? {} : { login: 'anna@isp.example' }),
      sender,
      recipients: [outside ? 'anna@isp.example' : `bert${fresh ? i : ''}@far.example`],
      extended: true,
      esmtp: {},
    })
    const head = `From: <${sender}>\r\nDate: Mon, 5 Jan 2026 12:00:00 +0000\r\nMessage-ID: <${i}@x.example>\r\n`
    await draft.write(Buffer.from(`${head}${body}`))
    assert.equal((await draft.finish()).verdict.kind, 'accept')
  }
  await cordon.engine.idle()
  const { journal } = cordon
  await cordon.close()
  return journal
}

const cells = (journal: readonly Event[]) =>
  journal.flatMap(event =>
    event.kind === 'evidence-weighed' && event.cell === 'message/unreadable' ? [event] : [],
  )

const PARTIAL = 'Content-Type: message/partial\r\n\r\nhalf of it\r\n'

test('once a day, and the event alone says it again', async () => {
  const journal = await sent(PARTIAL, { times: 3 })
  const found = cells(journal)
  assert.equal(found.length, 1)
  assert.match(found[0]?.why ?? '', /cannot be read to its end \(elsewhere\)/)
  const commit = journal.find(event => event.kind === 'tx-commit')
  assert.ok(commit)
  assert.equal(weigh(commit).filter(({ cell }) => cell === 'message/unreadable').length, 1)
})

test('one by itself to somebody new restricts nothing and nobody is written to, nor do several of a day', async () => {
  for (const times of [1, 3]) {
    const journal = await sent(PARTIAL, { times })
    const follows = new Set(['decision-made', 'notice-sent'])
    assert.deepEqual(
      journal.filter(({ kind }) => follows.has(kind)),
      [],
    )
  }
})

test('to new people it takes the tokens of mail that is judged spam: the third waits; what can be read does not', async () => {
  const waitsOf = async (body: string) =>
    (await sent(body, { times: 4, episodes: 'decide', fresh: true })).flatMap(event =>
      event.kind === 'mail-paced' ? [event.bucket] : [],
    )
  assert.deepEqual(await waitsOf(PARTIAL), ['spam-to-new', 'spam-to-new'])
  assert.deepEqual(await waitsOf('\r\nhello\r\n'), [])
})

test('not of mail from outside, not of what is whole, not of what is only large', async () => {
  assert.deepEqual(cells(await sent(PARTIAL, { outside: true })), [])
  assert.deepEqual(cells(await sent('\r\nhello\r\n')), [])
  const large = await sent(`\r\n${'a line of text\r\n'.repeat(100_000)}`)
  assert.deepEqual(cells(large), [])
  const causes = large.flatMap(one => (one.kind === 'message-unreadable' ? [one.cause] : []))
  assert.deepEqual(causes, ['it goes on beyond its first mebibyte'])
  const parts = await sent(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(1500)}--b--\r\n`,
  )
  assert.deepEqual(
    parts.flatMap(one => (one.kind === 'message-unreadable' ? [one.cause] : [])),
    ['it has more than 1,000 parts'],
  )
  assert.deepEqual(cells(parts), [])
})
