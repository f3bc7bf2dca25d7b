// The part of the portal with messages that wait: what each is held for, what becomes of it by itself and when. Messages over a limit go
// by themselves; nothing is said of spam or a virus unless that is what they were held for.

import { isReturn } from '../../model/episode.ts'
import { html } from 'hono/html'
import { type Decision, MAX_HOLD_HOURS } from '../../model/decision.ts'
import { heldFor, isOverLimit } from '../../model/held-for.ts'
import type { Incident } from '../../model/incident.ts'
import { minuteIn } from '../../model/local-time.ts'
import type { Page as Listed } from '../../model/page.ts'
import { type WaitingCase, waitsForWord } from '../../model/waits-for-word.ts'
import type { QueueRow } from '../../ports/spool.ts'
import type { Page } from './page.ts'

export type HeldView = {
  readonly token: string
  readonly timeZone: string
  /** They can prove that it is they who send what waits its turn. */
  readonly hasFactor: boolean
  /** Open cases of this customer, with the decisions in force in each. */
  readonly cases: readonly {
    readonly incident: Pick<Incident, 'status'> & WaitingCase
    readonly decisions: readonly Pick<Decision, 'by' | 'kind' | 'endedAt'>[]
  }[]
}

/** Reasons for which messages are held; the page groups messages by them. */
const KINDS = [
  'turn',
  'turn-spam',
  'limit',
  'spam',
  'evidence',
  'staff',
  'postmaster',
  'again',
] as const
type HeldKind = (typeof KINDS)[number]

export function heldCard({ rows: held, next }: Listed<QueueRow>, view: HeldView): Page {
  const messages = [...Map.groupBy(held, row => row.message).values()]
  const kinds = Map.groupBy(messages, ([row]) => kindOf(row, view))
  return html`<div class="card"><h2>Messages that wait (${messages.length}${next === undefined ? '' : ' or more: send or delete these to see the others'})</h2>
${KINDS.flatMap(kind => {
  const mine = kinds.get(kind)
  return mine
    ? [
        html`<p>${wordsOf(kind, mine.flat(), view)}</p>\n${mine.map(rows => messageRow(rows, kind, view))}`,
      ]
    : []
})}</div>`
}

function kindOf(row: QueueRow | undefined, view: HeldView): HeldKind {
  if (row?.state === 'paced') return row.bucket?.startsWith('spam') ? 'turn-spam' : 'turn'
  const { reason } = heldFor(row?.why)
  if (isOverLimit({ reason })) return 'limit'
  if (reason === 'kept-for-postmaster') return 'postmaster'
  if (reason === 'slow-lane') return 'again'
  if (row?.spam) return 'spam'
  return isByStaff(view) ? 'staff' : 'evidence'
}

/** Staff made all decisions in force. */
function isByStaff({ cases }: HeldView): boolean {
  const inForce = cases
    .flatMap(({ decisions }) => decisions)
    .filter(({ kind, endedAt }) => endedAt === undefined && kind !== 'watch')
  return inForce.length > 0 && inForce.every(({ by }) => by === 'staff')
}

/** The message is released by its owner or by staff, never automatically. */
const isOwners = (row: QueueRow, { cases }: HeldView): boolean =>
  cases.some(({ incident }) => incident.status === 'contained' || waitsForWord(row, incident))

const LEFT = `What you leave is deleted after ${MAX_HOLD_HOURS} hours, and you are told.`

function wordsOf(kind: HeldKind, rows: readonly QueueRow[], view: HeldView): string {
  const end = rows.some(row => isOwners(row, view))
    ? LEFT
    : 'Each is looked at again at the time beside it, and sent then if nothing more was seen.'
  switch (kind) {
    case 'turn':
      return 'You have sent more mail to people you have not written to before than is sent at once. These messages wait for their turn: each is sent by itself at about the time beside it. You need do nothing, and your other mail goes as always.'
    case 'turn-spam':
      return 'A filter takes these messages for spam, or much of what you sent with them, so only a few are sent at a time. Delete those that you did not write. What you leave is sent by itself, or comes back to your mailbox: see beside it.'
    case 'limit':
      return 'You have sent more mail than is sent at once. Nothing is wrong with these messages: you need do nothing.'
    case 'spam':
      return `These messages were taken for spam. Send those that you wrote, delete the others. ${end}`
    case 'evidence':
      return `What we saw may come from a virus, and these messages may be part of it; an ordinary message to somebody you have not written to before may be among them. Send those that you wrote, delete the others. ${end}`
    case 'staff':
      return `Our service desk has decided that mail which may come from a virus waits. Send those that you wrote, delete the others. ${end}`
    case 'postmaster':
      return 'These messages wait until our postmaster has looked at them, and not longer than the time beside them: then they are sent.'
    case 'again':
      return 'These messages are looked at again at the time beside them, and then sent.'
    default:
      return kind satisfies never
  }
}

function messageRow(rows: readonly QueueRow[], kind: HeldKind, view: HeldView): Page {
  const [row] = rows
  // Details of evidence are for staff only: beside one message they would show which recipient is a trap.
  const detail = kind === 'limit' ? heldFor(row?.why).detail : undefined
  return html`<form method="post" action="/order" class="row"><input type="hidden" name="token" value="${view.token}"><input type="hidden" name="message" value="${row?.message}">
<span><b>${row?.subject || '(no subject)'}</b><br><small>to ${rows.map(one => one.recipient).join(', ')}${detail === undefined ? '' : html`<br>${detail}`}${row ? html`<br>${untilWords(row, kind, view)}` : ''}</small></span>
${sendButton(row, view)}<button name="order" value="purge-message">Delete</button></form>`
}

/** The password alone does not send what waits its turn. */
function sendButton(row: QueueRow | undefined, { hasFactor }: HeldView): Page {
  const send = html`<button name="order" value="release-message">Send</button>`
  if (row?.state !== 'paced') return send
  return hasFactor
    ? html`<input name="factor" inputmode="numeric" autocomplete="one-time-code" maxlength="7" placeholder="Code" aria-label="Code of your second factor, to send it">${send}`
    : html``
}

/** What happens to the message next, and when. One that is evidence of infection is judged again before it is sent. */
function untilWords(row: QueueRow, kind: HeldKind, view: HeldView): string {
  const { at, bucket, due, nats } = row
  const time = minuteIn(view.timeZone, due)
  if (row.state === 'paced')
    return isReturn(bucket, at, due)
      ? `sent by itself once no more of the kind comes for a while, or back to you at about ${time}`
      : `sent by itself at about ${time}`
  if (kind === 'postmaster') return `sent at ${time} at the latest`
  if (nats <= 0 || kind === 'again') return `sent by itself at ${time}`
  return isOwners(row, view) ? `waits for you` : `looked at again at ${time}`
}
