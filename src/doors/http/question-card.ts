// The portal's question: mail waits for the window of its sender; was it its owner who sent it? "It was me" counts with the second factor alone,
// because a thief would say it, too; "it was not me" needs none, because it opens nothing.

import { html } from 'hono/html'
import { isReturn } from '../../model/episode.ts'
import { isLine, type Subject, subjectName } from '../../model/evidence.ts'
import { minuteIn } from '../../model/local-time.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { QueueRow } from '../../ports/spool.ts'
import type { Page } from './page.ts'

export type QuestionView = {
  readonly token: string
  readonly timeZone: string
  readonly hasFactor: boolean
  /** There are more than these. */
  readonly more?: boolean
}

/** Domains that are named; the others are counted. */
const NAMED = 5

export const factorField = html`<label>Code of your second factor <input name="factor" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required></label>`

/** One question for each line or login whose mail waits. */
export function questions(rows: readonly QueueRow[], view: QuestionView): readonly Page[] {
  const paced = rows.filter(({ state, payer }) => state === 'paced' && payer !== undefined)
  return [...Map.groupBy(paced, ({ payer }) => payer as Subject)].map(([payer, mine]) =>
    question(payer, mine, view),
  )
}

function question(payer: Subject, rows: readonly QueueRow[], view: QuestionView): Page {
  const whose = isLine(payer) ? 'your connection' : `the mail account ${subjectName(payer)}`
  const messages = new Set(rows.map(({ message }) => message)).size
  const since = rows.reduce((first, { at }) => Math.min(first, at), Infinity)
  const said = (answer: 'was-me' | 'not-me', more: Page, button: Page) =>
    html`<form method="post" action="/order"><input type="hidden" name="token" value="${view.token}"><input type="hidden" name="order" value="answer-question">
<input type="hidden" name="subject" value="${payer}"><input type="hidden" name="answer" value="${answer}">${more}${button}</form>`
  return html`<div class="card"><h2>Was it you?</h2>
<p>Since ${minuteIn(view.timeZone, since)} ${messages === 1 ? 'a message waits that was' : `${messages}${view.more ? ' or more' : ''} messages wait that were`} sent with ${whose}, to ${people(rows)}: ${domains(rows)}. ${end(rows, view)}</p>
${
  view.hasFactor
    ? said('was-me', factorField, html`<button class="main">It was me</button>`)
    : html`<p>If it was you, ${returns(rows) ? 'say so, for a part of it may come back to you else' : 'you need do nothing'}. If it should go at once, set up a second factor below, from your own connection, and then say so here; or call our service desk. A thief who has only your password cannot say it for you.</p>`
}
${said('not-me', html``, html`<button>It was not me</button>`)}</div>`
}

const returns = (rows: readonly QueueRow[]): boolean =>
  rows.some(({ bucket }) => bucket?.startsWith('spam'))

const people = (rows: readonly QueueRow[]): string =>
  rows.length === 1 ? 'one recipient' : `${rows.length} recipients`

function domains(rows: readonly QueueRow[]): string {
  const all = [...Map.groupBy(rows, ({ recipient }) => domainOf(recipient))]
    .map(([domain, { length }]) => ({ domain, length }))
    .toSorted((a, b) => b.length - a.length || (a.domain < b.domain ? -1 : 1))
  const named = all
    .slice(0, NAMED)
    .map(({ domain, length }) => (length === 1 ? domain : `${length} at ${domain}`))
  const rest = all.length - named.length
  return `${named.join(', ')}${rest > 0 ? `, and ${rest} ${rest === 1 ? 'other domain' : 'other domains'}` : ''}`
}

/** About when the last of it leaves; of what a filter takes for spam, when it returns if it has not left by then. */
function end(rows: readonly QueueRow[], { timeZone }: QuestionView): string {
  const returning = rows.filter(({ bucket, at, due }) => isReturn(bucket, at, due))
  const leaving = rows.filter(one => !returning.includes(one))
  const last = (of: readonly QueueRow[]) =>
    minuteIn(
      timeZone,
      of.reduce((latest, { due }) => Math.max(latest, due), 0),
    )
  return [
    ...(leaving.length > 0 ? [`It goes by itself, the last about ${last(leaving)}.`] : []),
    ...(returning.length > 0
      ? [
          `What a filter takes for spam goes once no more of the kind comes for a while, or comes back to your mailbox, the last about ${last(returning)}.`,
        ]
      : []),
  ].join(' ')
}

/** A mailing that is announced before does not wait. */
export function announcePart(
  subjects: readonly Subject[],
  { token, hasFactor }: Pick<QuestionView, 'token' | 'hasFactor'>,
): Page {
  if (!hasFactor) return html``
  return html`<h2>A mailing to many people</h2>
<p class="quiet">Mail to many people whom you have not written to before waits for its turn, unless you announce it.</p>
<form method="post" action="/order"><input type="hidden" name="token" value="${token}"><input type="hidden" name="order" value="announce-mailing">
<label>Sent with <select name="subject">${subjects.map(one => html`<option value="${one}">${isLine(one) ? 'a program at your own connection' : `${subjectName(one)}, from elsewhere`}</option>`)}</select></label>
<label>To how many people <input name="recipients" inputmode="numeric" maxlength="4" required></label>
<label>Within how many hours <input name="hours" inputmode="numeric" maxlength="2" value="24"></label>${factorField}<button>Announce it</button></form>`
}
