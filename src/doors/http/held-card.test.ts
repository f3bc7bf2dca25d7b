// What an owner is told of each message that waits: what it is held for, and nothing else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../model/duration.ts'
import type { QueueRow } from '../../ports/spool.ts'
import { heldCards, type HeldView } from './held-card.ts'

const DUE = Date.UTC(2026, 0, 5, 13, 10)
const row = (more: Partial<QueueRow>): QueueRow => ({
  message: 'M1',
  recipient: 'carla@meadow.example',
  sender: 'anna@isp.example',
  subject: 'Minutes',
  state: 'held',
  at: DUE,
  due: DUE,
  attempts: 0,
  nats: 0,
  expires: DUE,
  ...more,
})

const isHeld = ({ state }: QueueRow) => state === 'held'

async function shown(rows: readonly QueueRow[], cases: HeldView['cases'] = []): Promise<string> {
  const view = { token: 't', timeZone: 'UTC', language: 'en' as const, hasFactor: true, cases }
  const [held, turn] = [rows.filter(isHeld), rows.filter(one => !isHeld(one))]
  return String(await heldCards({ held: { rows: held }, turn: { rows: turn } }, view))
}

const CASE = { sum: 12, containAt: 16.7, changedAt: DUE }
const contained = { incident: { ...CASE, status: 'contained' }, decisions: [] } as const

test('what is over a limit goes by itself, and is not called spam or a virus', async () => {
  const why = 'over-limit: the limit of a mail account is 60 messages within an hour; 60 before'
  const page = await shown([row({ why })])
  assert.match(page, /more mail than is sent at once/)
  assert.match(page, /limit of a mail account is 60 messages within an hour; 60 before/)
  assert.match(page, /sent by itself at 2026-01-05 13:10 UTC/)
  assert.doesNotMatch(page, /spam|virus/)
  // Of an older Cordon, which did not say more.
  assert.match(await shown([row({ why: 'over-quota' })]), /sent by itself at/)
  // While the case is open, it goes by the owner's word alone.
  const open = await shown([row({ why, nats: 1 })], [contained])
  assert.match(open, /they wait for you: send those/)
  assert.doesNotMatch(open, /you need do nothing/)
  // It is looked at again, because it says something for infection.
  assert.match(await shown([row({ why, nats: 1 })]), /looked at again at 2026-01-05 13:10/)
})

test('what waits for its turn goes by itself at about a time, and is called spam only where a filter says so', async () => {
  const paced = { state: 'paced', why: 'paced' } as const
  const page = await shown([row({ ...paced, bucket: 'new', nats: 0.7 })])
  assert.match(page, /to people you have not written to before than is sent at once/)
  assert.match(page, /sent by itself at about 2026-01-05 13:10 UTC/)
  assert.doesNotMatch(page, /spam|virus|limit/)
  const spam = await shown(
    [row({ ...paced, bucket: 'spam-to-new', spam: true, nats: 6 })],
    [contained],
  )
  assert.match(spam, /A filter takes these messages for spam/)
  assert.match(spam, /sent by itself at about .*<button name="order" value="release-message">Send/s)
  assert.match(spam, /name="factor"/)
  assert.doesNotMatch(spam, /virus|waits for you/)
  const late = await shown([
    row({ ...paced, bucket: 'spam-to-new', spam: true, at: DUE - 5 * DAY, due: DUE }),
  ])
  assert.match(late, /or back to you at about 2026-01-05 13:10/)
  assert.doesNotMatch(late, /sent by itself at about/)
})

test('each kind has its words, and each message stands below those of its kind', async () => {
  const page = await shown([
    row({ message: 'M1', why: 'over-limit' }),
    row({ message: 'M2', why: 'evidence', spam: true, nats: 6 }),
    row({ message: 'M3', why: 'evidence', nats: 2 }),
    row({ message: 'M4', why: 'kept-for-postmaster' }),
  ])
  const words = ['M1', 'taken for spam', 'M2', 'may come from a virus', 'M3', 'postmaster', 'M4']
  const at = words.map(one => page.indexOf(one))
  assert.deepEqual(
    at,
    [...at].sort((a, b) => a - b),
  )
  assert.ok(at.every(one => one >= 0))
  assert.match(page, /Messages that wait \(4\)/)
})

test('what waits in a contained case waits for its owner, and is deleted in the end', async () => {
  const page = await shown([row({ why: 'evidence', nats: 2 })], [contained])
  assert.match(page, /deleted after 72 hours/)
  assert.doesNotMatch(page, /looked at again|taken for spam/)
})

test('what staff decided is called theirs', async () => {
  const decisions = [{ by: 'staff', kind: 'hold' }] as const
  const held = { incident: { ...CASE, status: 'held' }, decisions } as const
  assert.match(await shown([row({ why: 'evidence', nats: 2 })], [held]), /service desk has decided/)
})

test('all that is shown is sent or deleted at once; what needs a code is not sent with the rest', async () => {
  const one = await shown([row({})])
  assert.doesNotMatch(one, /action="\/orders"/)
  const page = await shown([
    row({ message: 'M1' }),
    row({ message: 'M2' }),
    row({ message: 'M2', recipient: 'b@meadow.example' }),
    row({ message: 'M3', state: 'paced', bucket: 'new' }),
  ])
  const forms = [...page.matchAll(/<form method="post" action="\/orders"[\s\S]*?<\/form>/g)].map(
    ([form]) => [
      [...form.matchAll(/name="message" value="(M\d)"/g)].map(([, message]) => message),
      /name="order" value="([a-z-]+)">([^<]+)</.exec(form)?.slice(1),
      /type="checkbox" required/.test(form),
    ],
  )
  assert.deepEqual(forms, [
    [['M1', 'M2'], ['release-message', 'Send all 2'], false],
    [['M1', 'M2'], ['purge-message', 'Delete all 2'], true],
  ])
})

test('what waits for its turn, however much it is, stands apart and hides nothing that is held', async () => {
  const view = { token: 't', timeZone: 'UTC', language: 'en' as const, hasFactor: false, cases: [] }
  const turn = Array.from({ length: 200 }, (_, n) =>
    row({ message: `T${n}`, state: 'paced', bucket: 'new' }),
  )
  const held = [row({ message: 'M1' }), row({ message: 'M2' })]
  const page = String(
    await heldCards({ held: { rows: held }, turn: { rows: turn, next: 'x' } }, view),
  )
  assert.match(page, /Messages that wait \(2\)/)
  assert.match(page, /Messages that wait for their turn \(200, and more behind them\)/)
  assert.match(page, />Send all 2</)
  assert.doesNotMatch(page, /to see the others/)
})
