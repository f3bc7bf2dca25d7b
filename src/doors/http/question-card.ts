// The portal's question: mail waits for the window of its sender; was it its owner who sent it? "It was me" counts with the second factor alone,
// because a thief would say it, too; "it was not me" needs none, because it opens nothing.

import { html } from 'hono/html'
import { SENTENCES } from '../../languages/languages.ts'
import { isReturn } from '../../model/episode.ts'
import { isLine, type Subject, subjectName } from '../../model/evidence.ts'
import { minuteIn } from '../../model/local-time.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { Language } from '../../model/subscriber.ts'
import type { QueueRow } from '../../ports/spool.ts'
import type { Page } from './page.ts'

export type QuestionView = {
  readonly token: string
  readonly timeZone: string
  readonly language: Language
  readonly hasFactor: boolean
  /** There are more than these. */
  readonly more?: boolean
}

/** Domains that are named; the others are counted. */
const NAMED = 5

export const factorField = (language: Language, required = html` required`): Page =>
  html`<label>${SENTENCES[language].portal.home.factor} <input name="factor" inputmode="numeric" autocomplete="one-time-code" maxlength="7"${required}></label>`

/** One question for each line or login whose mail waits. */
export function questions(rows: readonly QueueRow[], view: QuestionView): readonly Page[] {
  const paced = rows.filter(({ state, payer }) => state === 'paced' && payer !== undefined)
  return [...Map.groupBy(paced, ({ payer }) => payer as Subject)].map(([payer, mine]) =>
    question(payer, mine, view),
  )
}

function question(payer: Subject, rows: readonly QueueRow[], view: QuestionView): Page {
  const words = SENTENCES[view.language].portal.question
  const whose = isLine(payer) ? words.line : words.login(subjectName(payer))
  const messages = new Set(rows.map(({ message }) => message)).size
  const since = rows.reduce((first, { at }) => Math.min(first, at), Infinity)
  const said = (answer: 'was-me' | 'not-me', more: Page, button: Page) =>
    html`<form method="post" action="/order"><input type="hidden" name="token" value="${view.token}"><input type="hidden" name="order" value="answer-question">
<input type="hidden" name="subject" value="${payer}"><input type="hidden" name="answer" value="${answer}">${more}${button}</form>`
  return html`<div class="card"><h2>${words.title}</h2>
<p>${words.waits({ since: minuteIn(view.timeZone, since), messages, more: view.more === true, whose, recipients: rows.length, domains: domains(rows, view) })} ${end(rows, view)}</p>
${
  view.hasFactor
    ? said('was-me', factorField(view.language), html`<button class="main">${words.wasMe}</button>`)
    : html`<p>${words.noFactor(mayReturn(rows))}</p>`
}
${said('not-me', html``, html`<button>${words.notMe}</button>`)}</div>`
}

const mayReturn = (rows: readonly QueueRow[]): boolean =>
  rows.some(({ bucket }) => bucket?.startsWith('spam'))

function domains(rows: readonly QueueRow[], { language }: QuestionView): string {
  const words = SENTENCES[language].portal.question
  const all = [...Map.groupBy(rows, ({ recipient }) => domainOf(recipient))]
    .map(([domain, { length }]) => ({ domain, length }))
    .toSorted((a, b) => b.length - a.length || (a.domain < b.domain ? -1 : 1))
  const named = all
    .slice(0, NAMED)
    .map(({ domain, length }) => (length === 1 ? domain : words.at(length, domain)))
  const rest = all.length - named.length
  return `${named.join(', ')}${rest > 0 ? words.others(rest) : ''}`
}

/** About when the last of it leaves; of what a filter takes for spam, when it returns if it has not left by then. */
function end(rows: readonly QueueRow[], { timeZone, language }: QuestionView): string {
  const words = SENTENCES[language].portal.question
  const returning = rows.filter(({ bucket, at, due }) => isReturn(bucket, at, due))
  const leaving = rows.filter(one => !returning.includes(one))
  const last = (of: readonly QueueRow[]) =>
    minuteIn(
      timeZone,
      of.reduce((latest, { due }) => Math.max(latest, due), 0),
    )
  return [
    ...(leaving.length > 0 ? [words.leaves(last(leaving))] : []),
    ...(returning.length > 0 ? [words.returns(last(returning))] : []),
  ].join(' ')
}

/** A mailing that is announced before does not wait. */
export function announcePart(
  subjects: readonly Subject[],
  { token, hasFactor, language }: Pick<QuestionView, 'token' | 'hasFactor' | 'language'>,
): Page {
  if (!hasFactor) return html``
  const words = SENTENCES[language].portal.mailing
  return html`<h2>${words.title}</h2>
<p class="quiet">${words.words}</p>
<form method="post" action="/order"><input type="hidden" name="token" value="${token}"><input type="hidden" name="order" value="announce-mailing">
<label>${words.with} <select name="subject">${subjects.map(one => html`<option value="${one}">${isLine(one) ? words.line : words.login(subjectName(one))}</option>`)}</select></label>
<label>${words.people} <input name="recipients" inputmode="numeric" maxlength="4" required></label>
<label>${words.hours} <input name="hours" inputmode="numeric" maxlength="2" value="24"></label>${factorField(language)}<button>${words.announce}</button></form>`
}
