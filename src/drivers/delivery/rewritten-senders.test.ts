import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryRecords } from '../../../test/support/memory-records.ts'
import { srs } from '../../mail/srs.ts'
import { DAY } from '../../model/duration.ts'
import { type LongSender, rewrittenSenders } from './rewritten-senders.ts'

const AT = Date.UTC(2026, 10, 26)
const LONG = `bounce+${'token-'.repeat(9)}=ann@mail.meadow.example`

function rewriting(
  bounds?: { most: number; forgotten: number },
  tokens = memoryRecords<LongSender>(),
) {
  const open = (secret = 'secret') =>
    rewrittenSenders({
      srs: srs('isp.example', secret),
      tokens,
      domain: 'isp.example',
      secret,
      trouble: error => assert.fail(String(error)),
      ...(bounds ? { bounds } : {}),
    })
  return { ...open(), open, tokens }
}

test('a long sender becomes a token that other servers take, and its bounce goes back for three weeks', async () => {
  const { forward, reverse, open } = rewriting()
  const written = await forward(LONG, AT)
  assert.match(written, /^srs=[0-9a-f]{20}@isp\.example$/)
  assert.equal(await forward(LONG, AT + DAY), written, 'one token for one sender')
  for (const days of [0, 21]) assert.equal(reverse(written, AT + days * DAY), LONG, `${days} days`)
  assert.equal(reverse(written.toUpperCase(), AT), LONG)
  // After a restart.
  assert.equal(open().reverse(written, AT), LONG)
  assert.equal(reverse(written, AT + 23 * DAY), undefined)
  assert.equal(reverse(`srs=${'0'.repeat(20)}@isp.example`, AT), undefined, 'not one of ours')
})

test('a sender that goes on writing keeps its token; it is written once a day', async () => {
  const { forward, reverse, tokens } = rewriting()
  let written = ''
  for (let hour = 0; hour < 50 * 24; hour += 6)
    written = await forward(LONG, AT + (hour * DAY) / 24)
  assert.equal(reverse(written, AT + 60 * DAY), LONG)
  assert.equal([...tokens.all()].length, 1)
})

test('others stay what SRS makes of them', async () => {
  const { forward, reverse, tokens } = rewriting()
  const written = await forward('ann@meadow.example', AT)
  assert.match(written, /^SRS0=/)
  assert.equal(reverse(written, AT), 'ann@meadow.example')
  assert.equal(await forward('', AT), '')
  assert.equal([...tokens.all()].length, 0)
})

test('there is a bound: what ends first is forgotten first, and what has ended goes', async () => {
  const { forward, reverse, tokens } = rewriting({ most: 10, forgotten: 2 })
  const written: string[] = []
  for (let i = 0; i < 15; i++) written.push(await forward(`${i}.${LONG}`, AT + i * 1000))
  assert.ok([...tokens.all()].length <= 10)
  assert.equal(reverse(written[0] ?? '', AT), undefined)
  assert.equal(reverse(written[14] ?? '', AT), `14.${LONG}`)
  await forward(`new.${LONG}`, AT + 30 * DAY)
  assert.equal([...tokens.all()].length, 1)
})

test('a token that cannot be written: the mail has to wait', async () => {
  const full = async () => Promise.reject(new Error('the disk is full'))
  const { forward } = rewriting(undefined, { ...memoryRecords<LongSender>(), change: full })
  await assert.rejects(forward(LONG, AT), /full/)
})
