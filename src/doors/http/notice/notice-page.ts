// The page of the walled garden: that the line is restricted, why, since when, and what to do. It is complete in itself: no script, no picture,
// nothing from elsewhere, because elsewhere may not be reached.

import { html } from 'hono/html'
import { named, SENTENCES } from '../../../languages/languages.ts'
import type { NoticePageWords, Sentences } from '../../../languages/sentences.ts'
import { QUIET_HOURS } from '../../../languages/notice-words.ts'
import { saysSpam } from '../../../model/evidence.ts'
import type { OwnLook } from '../../../model/own-look.ts'
import { momentIn } from '../../../model/local-time.ts'
import { type Language, LANGUAGES } from '../../../model/subscriber.ts'
import { ownPage, type Page } from '../page.ts'
import type { Asker, Restriction } from './restriction.ts'

export type NoticeView = {
  /** `provider`, Your provider by default. */
  readonly provider: string
  /** `portal`, the customer portal by default. */
  readonly portal: string
  /** `http.look`. */
  readonly look?: OwnLook | undefined
  /** `timeZone`, UTC by default. */
  readonly timeZone: () => string
  /** `http.notice.phone`; without it the page says no number. */
  readonly phone?: string | undefined
  /** `http.refusalPages`: where the portal is; without it the page names it, and has no link. */
  readonly portalAddress?: string | undefined
}

/** Where the page is asked for in another language, on whatever host. */
export const PAGE = '/restricted'

export function noticePage(view: NoticeView, asker: Asker, language: Language): Page {
  const sentences = SENTENCES[language]
  const { page: words, locale } = sentences
  const { provider, portal } = named(sentences, view)
  const restriction = asker.known ? asker.restriction : undefined
  const state = stateOf(asker)
  const when = (at: number) =>
    html`<time datetime="${new Date(at).toISOString()}">${momentIn(locale, view.timeZone(), at)}</time>`
  return ownPage(
    `${provider}: ${words.heading[state]}`,
    html`<main><p class="quiet">${provider}</p><h1>${words.heading[state]}</h1>
<p>${words.why[state === 'spam' || state === 'infected' ? 'evidence' : state]}</p>
${restriction ? details({ ...view, portal }, sentences, { restriction, when }) : ''}
</main><nav><p>${LANGUAGES.filter(one => one !== language).map(one => html`<a href="${PAGE}?lang=${one}" lang="${one}" hreflang="${one}">${SENTENCES[one].name}</a> `)}</p></nav>`,
    language,
    { look: view.look, name: provider },
  )
}

function stateOf(asker: Asker): keyof NoticePageWords['heading'] {
  if (!asker.known) return 'unknown'
  const { restriction } = asker
  if (!restriction) return 'open'
  if (restriction.kind === 'suspend') return 'suspended'
  if (restriction.byStaff) return 'imposed'
  return saysSpam(restriction.kinds) ? 'spam' : 'infected'
}

type RestrictionView = { readonly restriction: Restriction; readonly when: (at: number) => Page }

function details(view: NoticeView, { page: words, seen }: Sentences, told: RestrictionView): Page {
  const { restriction, when } = told
  const { kind, byStaff, caseCode, kinds, since, until } = restriction
  const byOwner = kind === 'isolate'
  const call = html`<li>${words.call}</li>`
  const release = byOwner ? [html`<li>${words.release(view.portal)}${link(view, words)}</li>`] : []
  // What staff saw they tell on the telephone: that comes before it can be mended.
  const steps = byStaff ? [call, ...release] : [html`<li>${words.check}</li>`, ...release, call]
  return html`<div class="card"><dl><dt>${words.caseCode}</dt><dd><b class="secret">${caseCode}</b></dd>
<dt>${words.since}</dt><dd>${when(since)}</dd>
${byStaff ? html`<dt>${words.until}</dt><dd>${when(until)}</dd>` : ''}
${view.phone === undefined ? '' : html`<dt>${words.phone}</dt><dd><a href="tel:${view.phone.replaceAll(/[^+\d]/g, '')}">${view.phone}</a></dd>`}</dl></div>
${byStaff || kinds.length === 0 ? '' : html`<h2>${words.seen}</h2><ul>${kinds.map(one => html`<li>${seen.evidence[one]}</li>`)}</ul>`}
<h2>${words.stopped}</h2><p>${words.stops[kind]}</p>
<h2>${words.todo}</h2><ol>
${steps}</ol>
${byOwner && !byStaff ? html`<p>${words.quiet(QUIET_HOURS)}</p>` : ''}`
}

const link = ({ portalAddress }: NoticeView, words: NoticePageWords): Page =>
  portalAddress === undefined
    ? html``
    : html`<br><a href="${portalAddress}"><b>${words.openPortal}</b></a>`
