// The pages of the portal, as HTML. Everything that comes from outside is escaped by the template.

import { html } from 'hono/html'
import { evidenceWords, named, SENTENCES } from '../../languages/languages.ts'
import { lineOf, loginOf, saysSpam } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { OwnLook } from '../../model/own-look.ts'
import { dayIn, minuteIn } from '../../model/local-time.ts'
import type { Language, Login } from '../../model/subscriber.ts'
import type { Reading } from '../../ports/reading.ts'
import { heldCards, type HeldView } from './held-card.ts'
import { ownPage, type Page } from './page.ts'
import { announcePart, factorField, questions } from './question-card.ts'
import { port25Part } from './port25-part.ts'

/** Recipients of what is held, and of what waits for its turn. */
const SHOWN = 200

export type PortalView = {
  readonly reading: Reading
  readonly provider: string
  /** The provider's, in which customers are told times. */
  readonly timeZone: () => string
  readonly language: Language
  /** `http.look`. */
  readonly look?: OwnLook | undefined
}

/** `Example Net: customer portal`. */
const titleIn = ({ provider, language }: Pick<PortalView, 'provider' | 'language'>): string =>
  `${named(SENTENCES[language], { provider, portal: '' }).provider}: ${SENTENCES[language].portal.title}`

export function loginPage(
  view: Pick<PortalView, 'provider' | 'language' | 'look'>,
  problem: string | undefined,
): Page {
  const words = SENTENCES[view.language].portal.login
  const title = titleIn(view)
  return ownPage(
    title,
    html`<h1>${title}</h1>
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<form method="post" action="/login">
<label>${words.customer} <input name="customer" autocomplete="username" required></label>
<label>${words.password} <input name="password" type="password" autocomplete="current-password" required></label>
<label>${words.factor} <input name="factor" inputmode="numeric" autocomplete="one-time-code" maxlength="7"></label>
<p class="quiet">${words.which}</p>
<button class="main">${words.enter}</button></form>`,
    view.language,
    { look: view.look, name: view.provider },
  )
}

export async function homePage(
  view: PortalView,
  session: { readonly subscriber: string; readonly token: string },
  told: { readonly said: string | undefined; readonly secret: string | undefined },
) {
  const { said, secret } = told
  const { reading, language } = view
  const { home, login: loginWords } = SENTENCES[language].portal
  const title = titleIn(view)
  const incidents = await reading.incidents({ subscriber: session.subscriber, open: true })
  const waiting = (state: 'held' | 'paced') =>
    reading.queue({ subscriber: session.subscriber, state }, { limit: SHOWN })
  const [held, turn] = await Promise.all([waiting('held'), waiting('paced')])
  const waits = held.rows.length + turn.rows.length > 0
  const cases = await Promise.all(
    incidents.filter(shown).map(incident => caseCard(view, incident, session.token)),
  )
  const logins = reading.subscriber(session.subscriber)?.logins ?? []
  const token = session.token
  const hasFactor = reading.hasFactor(session.subscriber)
  const asked = {
    token,
    hasFactor,
    language,
    timeZone: view.timeZone(),
    more: turn.next !== undefined,
  }
  const mine = [lineOf(session.subscriber), ...logins.map(({ name }) => loginOf(name))]
  return await ownPage(
    title,
    html`<h1>${title}</h1>
<p class="quiet">${home.customer(session.subscriber)}</p>
${said ? html`<p class="said" role="status">${said}</p>` : ''}
${secret ? html`<p class="said">${home.once} <b class="secret">${secret}</b></p>` : ''}
${cases.length > 0 ? cases : html`<p>${waits ? home.mailWaits : home.inOrder}</p>`}
${questions(turn.rows, asked)}
${waits ? heldCards({ held, turn }, { ...(await heldView(view, incidents, token)), hasFactor }) : ''}
<h2>${home.mailPassword}</h2>
${logins.map(
  login => html`<form method="post" action="/order" class="row"><input type="hidden" name="token" value="${token}">
<input type="hidden" name="order" value="change-password"><input type="hidden" name="login" value="${login.name}">
<span>${login.name}</span><input name="password" type="password" minlength="10" autocomplete="new-password" placeholder="${home.newPassword}" aria-label="${home.newPasswordFor(login.name)}" required>
<button>${home.change}</button></form>`,
)}
${appPasswordsPart(view, logins, token)}
${announcePart(mine, asked)}
${port25Part({ reading, subscriber: session.subscriber, token, language, timeZone: view.timeZone })}
<form method="post" action="/logout"><button>${loginWords.leave}</button></form>`,
    language,
    { look: view.look, name: view.provider },
  )
}

async function heldView(
  { reading, timeZone, language }: PortalView,
  incidents: readonly Incident[],
  token: string,
): Promise<Omit<HeldView, 'hasFactor'>> {
  const cases = incidents.map(async incident => ({
    incident,
    decisions: await reading.decisions(incident.id),
  }))
  return { token, language, timeZone: timeZone(), cases: await Promise.all(cases) }
}

function appPasswordsPart(view: PortalView, logins: readonly Login[], token: string): Page {
  const words = SENTENCES[view.language].portal.programs
  const hidden = (order: string) =>
    html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="order" value="${order}">`
  const rows = logins
    .flatMap(login => view.reading.appPasswords(login.name))
    .map(
      one => html`<form method="post" action="/order" class="row">${hidden('remove-app-password')}<input type="hidden" name="id" value="${one.id}">
<span><b>${one.label}</b><br><small>${words.may(one.login, one.scopes.includes('send'), one.scopes.includes('read'))}, ${one.lastUsed === undefined ? words.neverUsed : words.lastUsed(dayIn(view.timeZone(), one.lastUsed))}</small></span>
<button>${words.remove}</button></form>`,
    )
  if (logins.length === 0) return html``
  return html`<h2>${words.title}</h2>
<p class="quiet">${words.words}</p>
${rows}
<form method="post" action="/order">${hidden('add-app-password')}
<label>${words.account} <select name="login">${logins.map(login => html`<option>${login.name}</option>`)}</select></label>
<label>${words.purpose} <input name="label" maxlength="80" placeholder="${words.example}" required></label>
<label class="check"><input type="checkbox" name="send" checked> ${words.maySend}</label>
<label class="check"><input type="checkbox" name="read"> ${words.mayRead}</label>
<button>${words.make}</button></form>`
}

const shown = (incident: Incident) =>
  incident.status === 'contained' || incident.status === 'held' || incident.status === 'probation'

async function caseCard(view: PortalView, incident: Incident, token: string): Promise<Page> {
  const words = SENTENCES[view.language].portal.cases
  const code = incident.caseCode
  const evidence = await view.reading.evidence(incident.subject, 5)
  const rows = evidence
    .filter(row => row.incident === incident.id)
    .map(
      row =>
        html`<li>${minuteIn(view.timeZone(), row.at)}: ${evidenceWords(view.language, row)}</li>`,
    )
  if (incident.status === 'probation') {
    return html`<div class="card"><h2>${words.over(code)}</h2><p>${words.overWords}</p></div>`
  }
  if (incident.status === 'held') {
    return html`<div class="card"><h2>${words.held(code)}</h2><p>${words.heldWords}</p><ul>${rows}</ul></div>`
  }
  if (incident.decision === 'stop-login') {
    return html`<div class="card"><h2>${words.login(code)}</h2>
<p>${words.loginWords}</p><ul>${rows}</ul></div>`
  }
  // With the code what was seen is forgotten, too.
  const owner = incident.subscriber
  const hasFactor = owner !== undefined && view.reading.hasFactor(owner)
  const factor = hasFactor ? factorField(view.language, html``) : ''
  return html`<div class="card"><h2>${saysSpam(incident.kinds) ? words.spam(code) : words.infected(code)}</h2>
<p>${words.infectedWords}</p>
${rows.length > 0 ? html`<p>${words.seen}</p><ul>${rows}</ul>` : ''}
<p>${words.check}</p>
<form method="post" action="/order"><input type="hidden" name="token" value="${token}"><input type="hidden" name="order" value="release">
<input type="hidden" name="incident" value="${incident.id}">${factor}<button class="main">${words.fixed}</button></form></div>`
}
