// The part of the portal with messages that wait: what each is held for, what becomes of it by itself and when. Messages over a limit go
// by themselves; nothing is said of spam or a virus unless that is what they were held for.

import { isReturn } from '../../model/episode.ts'
import { html } from 'hono/html'
import { SENTENCES } from '../../languages/languages.ts'
import type { Decision } from '../../model/decision.ts'
import { heldFor, isOverLimit } from '../../model/held-for.ts'
import type { Incident } from '../../model/incident.ts'
import { minuteIn } from '../../model/local-time.ts'
import type { Language } from '../../model/subscriber.ts'
import type { Page as Listed } from '../../model/page.ts'
import { type WaitingCase, waitsForWord } from '../../model/waits-for-word.ts'
import type { QueueRow } from '../../ports/spool.ts'
import type { Page } from './page.ts'

export type HeldView = {
  readonly token: string
  readonly timeZone: string
  readonly language: Language
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

/** What is held, and apart from it what waits for its turn: there may be very much of it, and little is to be done with it. */
export function heldCards(
  { held, turn }: { readonly held: Listed<QueueRow>; readonly turn: Listed<QueueRow> },
  view: HeldView,
): Page {
  const { title, turnTitle } = wordsIn(view)
  return html`${held.rows.length > 0 ? card(held, view, title) : ''}${turn.rows.length > 0 ? card(turn, view, turnTitle) : ''}`
}

function card(
  { rows: waiting, next }: Listed<QueueRow>,
  view: HeldView,
  title: (count: number, more: boolean) => string,
): Page {
  const messages = [...Map.groupBy(waiting, row => row.message).values()]
  const kinds = Map.groupBy(messages, ([row]) => kindOf(row, view))
  return html`<div class="card"><h2>${title(messages.length, next !== undefined)}</h2>
${KINDS.flatMap(kind => {
  const mine = kinds.get(kind)
  return mine
    ? [
        html`<p>${wordsOf(kind, mine.flat(), view)}</p>\n${mine.map(rows => messageRow(rows, kind, view))}`,
      ]
    : []
})}
${messages.length > 1 ? forAll(messages, view) : ''}</div>`
}

/** What is shown is named one by one: what came since is not meant. */
function forAll(messages: readonly (readonly QueueRow[])[], view: HeldView): Page {
  const words = wordsIn(view)
  const sendable = messages.filter(([row]) => row !== undefined && goesWithoutCode(row, view))
  const named = (some: readonly (readonly QueueRow[])[]) =>
    some.map(([row]) => html`<input type="hidden" name="message" value="${row?.message}">`)
  const form = (inner: Page) =>
    html`<form method="post" action="/orders" class="row"><input type="hidden" name="token" value="${view.token}">${inner}</form>`
  return html`${sendable.length > 1 ? form(html`${named(sendable)}<button name="order" value="release-message">${words.sendAll(sendable.length)}</button>`) : ''}
${form(html`${named(messages)}<label class="check"><input type="checkbox" required> ${words.sureDelete}</label><button name="order" value="purge-message">${words.deleteAll(messages.length)}</button>`)}`
}

const goesWithoutCode = ({ state, bucket }: QueueRow, { hasFactor }: HeldView): boolean =>
  state !== 'paced' && (bucket === undefined || !hasFactor)

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

const wordsIn = ({ language }: HeldView) => SENTENCES[language].portal.held

function wordsOf(kind: HeldKind, rows: readonly QueueRow[], view: HeldView): string {
  return wordsIn(view)[kind](rows.some(row => isOwners(row, view)))
}

function messageRow(rows: readonly QueueRow[], kind: HeldKind, view: HeldView): Page {
  const [row] = rows
  // Details of evidence are for staff only: beside one message they would show which recipient is a trap.
  const detail = kind === 'limit' && view.language === 'en' ? heldFor(row?.why).detail : undefined
  const words = wordsIn(view)
  return html`<form method="post" action="/order" class="row"><input type="hidden" name="token" value="${view.token}"><input type="hidden" name="message" value="${row?.message}">
<span><b>${row?.subject || words.noSubject}</b><br><small>${words.to(rows.map(one => one.recipient).join(', '))}${detail === undefined ? '' : html`<br>${detail}`}${row ? html`<br>${untilWords(row, kind, view)}` : ''}</small></span>
${sendButton(row, view)}<button name="order" value="purge-message">${words.delete}</button></form>`
}

/** The password alone does not send what waits its turn; what is held waits its turn then. */
function sendButton(row: QueueRow | undefined, view: HeldView): Page {
  const words = wordsIn(view)
  const send = html`<button name="order" value="release-message">${words.send}</button>`
  if (row && goesWithoutCode(row, view)) return send
  return view.hasFactor
    ? html`<input name="factor" inputmode="numeric" autocomplete="one-time-code" maxlength="7" placeholder="${words.code}" aria-label="${words.codeToSend}">${send}`
    : html``
}

/** What happens to the message next, and when. One that is evidence of infection is judged again before it is sent. */
function untilWords(row: QueueRow, kind: HeldKind, view: HeldView): string {
  const { at, bucket, due, nats } = row
  const time = minuteIn(view.timeZone, due)
  const words = wordsIn(view)
  if (row.state === 'paced')
    return isReturn(bucket, at, due) ? words.returns(time) : words.leaves(time)
  if (kind === 'postmaster') return words.latest(time)
  if (nats <= 0 || kind === 'again') return words.at(time)
  return isOwners(row, view) ? words.yours : words.lookedAt(time)
}
