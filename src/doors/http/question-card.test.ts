// What the portal asks of mail that waits: how many, to whom, since when and until when; and who can answer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR } from '../../model/duration.ts'
import type { QueueRow } from '../../ports/spool.ts'
import { heldCards } from './held-card.ts'
import { announcePart, questions } from './question-card.ts'

const AT = Date.UTC(2026, 0, 5, 8)
const row = (n: number, more: Partial<QueueRow> = {}): QueueRow => ({
  message: `M${n}`,
  recipient: `c${n}@firm${n % 8}.example`,
  sender: 'anna@isp.example',
  subject: 'Minutes',
  state: 'paced',
  bucket: 'new',
  payer: 'line:anna',
  at: AT + n,
  due: AT + 6 * HOUR,
  attempts: 0,
  nats: 0,
  expires: AT + 5 * DAY,
  ...more,
})
const view = (hasFactor: boolean) =>
  ({ token: 't', timeZone: 'UTC', language: 'en', hasFactor }) as const
const shown = (rows: readonly QueueRow[], hasFactor = true) =>
  questions(rows, view(hasFactor)).map(String)

test('it says how many wait, to whom by domain, since when and until when, once of each sender', () => {
  const rows = Array.from({ length: 27 }, (_, n) => row(n))
  const [line, login, ...more] = shown([
    ...rows,
    row(30, { payer: 'login:anna@isp.example', bucket: 'spam-to-new', due: AT + 30 + 5 * DAY }),
    row(31, { state: 'held' }),
  ])
  assert.equal(more.length, 0)
  assert.match(line ?? '', /Since 2026-01-05 08:00 UTC 27 messages wait that were sent with your/)
  assert.match(
    line ?? '',
    /to 27 recipients: 4 at firm0\.example, .*, and 3 other domains\. It goes/,
  )
  assert.match(line ?? '', /the last about 2026-01-05 14:00 UTC/)
  assert.match(login ?? '', /a message waits .* the mail account anna@isp\.example, to one recip/)
  assert.match(login ?? '', /or comes back to your mailbox, the last about 2026-01-10 08:00/)
})

test('"it was me" can be said with the second factor alone, "it was not me" without', async () => {
  const [without] = shown([row(1)], false)
  assert.doesNotMatch(without ?? '', /was-me|name="factor"/)
  assert.match(without ?? '', /value="not-me".*It was not me/s)
  assert.match(without ?? '', /set up a second factor below.*or call our service desk/s)
  const [withOne] = shown([row(1)], true)
  assert.match(withOne ?? '', /name="token" value="t".*value="was-me">.*name="factor".*It was me/s)
  const announced = async (hasFactor: boolean) =>
    String(await announcePart(['line:anna'], view(hasFactor)))
  assert.equal(await announced(false), '')
  assert.match(await announced(true), /name="factor"/)
})

test('without a second factor what waits its turn has no button to send it; what a case holds has', async () => {
  const card = async (one: QueueRow, hasFactor: boolean) =>
    String(
      await heldCards(
        { held: { rows: [] }, turn: { rows: [one] } },
        { ...view(hasFactor), cases: [] },
      ),
    )
  assert.doesNotMatch(await card(row(1), false), /release-message/)
  assert.match(await card(row(1), false), /purge-message/)
  assert.match(await card(row(1), true), /name="factor".*release-message/s)
  assert.match(await card(row(1, { state: 'held', why: 'evidence' }), false), /release-message/)
})
