// The pages of the portal, as HTML. Everything that comes from outside is escaped by the template.

import { html } from 'hono/html'
import { lineOf, loginOf, saysSpam } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import { dayIn, minuteIn } from '../../model/local-time.ts'
import type { Login } from '../../model/subscriber.ts'
import type { Reading } from '../../ports/reading.ts'
import { heldCard, type HeldView } from './held-card.ts'
import { type Page, page } from './page.ts'
import { announcePart, questions } from './question-card.ts'
import { port25Part } from './port25-part.ts'

export type PortalView = {
  readonly reading: Reading
  readonly provider: string
  /** The provider's, in which customers are told times. */
  readonly timeZone: () => string
}

export function loginPage(provider: string, problem: string | undefined): Page {
  return page(
    `${provider}: customer portal`,
    html`<h1>${provider}: customer portal</h1>
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<form method="post" action="/login">
<label>Customer number <input name="customer" autocomplete="username" required></label>
<label>Portal password <input name="password" type="password" autocomplete="current-password" required></label>
<label>Code of your second factor, if you have one <input name="factor" inputmode="numeric" autocomplete="one-time-code" maxlength="7"></label>
<p class="quiet">The portal password is the one from your contract, not the one of your mail.</p>
<button class="main">Log in</button></form>`,
  )
}

export async function homePage(
  view: PortalView,
  session: { readonly subscriber: string; readonly token: string },
  told: { readonly said: string | undefined; readonly secret: string | undefined },
) {
  const { said, secret } = told
  const { reading, provider } = view
  const incidents = await reading.incidents({ subscriber: session.subscriber, open: true })
  const held = await reading.queue(
    { subscriber: session.subscriber, state: ['held', 'paced'] },
    { limit: 200 },
  )
  const cases = await Promise.all(
    incidents.filter(shown).map(incident => caseCard(view, incident, session.token)),
  )
  const logins = reading.subscriber(session.subscriber)?.logins ?? []
  const token = session.token
  const hasFactor = reading.hasFactor(session.subscriber)
  const asked = { token, hasFactor, timeZone: view.timeZone(), more: held.next !== undefined }
  const mine = [lineOf(session.subscriber), ...logins.map(({ name }) => loginOf(name))]
  return await page(
    `${provider}: customer portal`,
    html`<h1>${provider}: customer portal</h1>
<p class="quiet">Customer ${session.subscriber}</p>
${said ? html`<p class="said" role="status">${said}</p>` : ''}
${secret ? html`<p class="said">This is shown once: <b class="secret">${secret}</b></p>` : ''}
${cases.length > 0 ? cases : html`<p>${held.rows.length > 0 ? 'Your connection is open. Some of your messages wait: below stands why, and until when.' : 'Everything is in order: your connection is open and your mail goes out.'}</p>`}
${questions(held.rows, asked)}
${held.rows.length > 0 ? heldCard(held, { ...(await heldView(view, incidents, token)), hasFactor }) : ''}
<h2>Mail password</h2>
${logins.map(
  login => html`<form method="post" action="/order" class="row"><input type="hidden" name="token" value="${token}">
<input type="hidden" name="order" value="change-password"><input type="hidden" name="login" value="${login.name}">
<span>${login.name}</span><input name="password" type="password" minlength="10" autocomplete="new-password" placeholder="New mail password" aria-label="New mail password for ${login.name}" required>
<button>Change</button></form>`,
)}
${appPasswordsPart(view, logins, token)}
${announcePart(mine, asked)}
${port25Part({ reading, subscriber: session.subscriber, token, timeZone: view.timeZone })}
<form method="post" action="/logout"><button>Log out</button></form>`,
  )
}

async function heldView(
  { reading, timeZone }: PortalView,
  incidents: readonly Incident[],
  token: string,
): Promise<Omit<HeldView, 'hasFactor'>> {
  const cases = incidents.map(async incident => ({
    incident,
    decisions: await reading.decisions(incident.id),
  }))
  return { token, timeZone: timeZone(), cases: await Promise.all(cases) }
}

/** Labels of the scopes, as owners read them. */
const SCOPE_WORDS = { send: 'send mail', read: 'read mail' } as const

function appPasswordsPart(view: PortalView, logins: readonly Login[], token: string): Page {
  const hidden = (order: string) =>
    html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="order" value="${order}">`
  const rows = logins
    .flatMap(login => view.reading.appPasswords(login.name))
    .map(
      one => html`<form method="post" action="/order" class="row">${hidden('remove-app-password')}<input type="hidden" name="id" value="${one.id}">
<span><b>${one.label}</b><br><small>${one.login}, may ${one.scopes.map(scope => SCOPE_WORDS[scope]).join(' and ')}, ${one.lastUsed === undefined ? 'never used' : `last used ${dayIn(view.timeZone(), one.lastUsed)}`}</small></span>
<button>Remove</button></form>`,
    )
  if (logins.length === 0) return html``
  return html`<h2>Passwords for single programs</h2>
<p class="quiet">One for each device or program: it can do only what you allow, and when the device is lost you remove it alone. A new mail password removes them all.</p>
${rows}
<form method="post" action="/order">${hidden('add-app-password')}
<label>Mail account <select name="login">${logins.map(login => html`<option>${login.name}</option>`)}</select></label>
<label>For <input name="label" maxlength="80" placeholder="Printer in the hall" required></label>
<label class="check"><input type="checkbox" name="send" checked> may send mail</label>
<label class="check"><input type="checkbox" name="read"> may read mail</label>
<button>Make a password</button></form>`
}

const shown = (incident: Incident) =>
  incident.status === 'contained' || incident.status === 'held' || incident.status === 'probation'

async function caseCard(view: PortalView, incident: Incident, token: string): Promise<Page> {
  const evidence = await view.reading.evidence(incident.subject, 5)
  const rows = evidence
    .filter(row => row.incident === incident.id)
    .map(row => html`<li>${minuteIn(view.timeZone(), row.at)}: ${row.why}</li>`)
  if (incident.status === 'probation') {
    return html`<div class="card"><h2>Case ${incident.caseCode}: over</h2><p>Everything is open again. For two weeks we look a little closer.</p></div>`
  }
  if (incident.status === 'held') {
    return html`<div class="card"><h2>Case ${incident.caseCode}: some mail waits</h2><p>What we saw may come from a virus, or may only be unusual. Messages that may be part of it wait until nothing more was seen for half an hour; all others go out.</p><ul>${rows}</ul></div>`
  }
  if (incident.decision === 'stop-login') {
    return html`<div class="card"><h2>Case ${incident.caseCode}: somebody else uses your mail password</h2>
<p>Sending with this mail account is stopped. Set a new mail password below: that ends it at once. You can read your mail meanwhile.</p><ul>${rows}</ul></div>`
  }
  return html`<div class="card"><h2>Case ${incident.caseCode}: ${saysSpam(incident.kinds) ? 'your connection sends spam' : 'a device behind your connection seems infected'}</h2>
<p>A device in your home is probably infected. Suspicious messages are kept, and sending straight to other mail servers may be closed; everything else goes on.</p>
<p>What we saw:</p><ul>${rows}</ul>
<p>Check every device with an up-to-date virus scanner. Then:</p>
<form method="post" action="/order"><input type="hidden" name="token" value="${token}"><input type="hidden" name="order" value="release">
<input type="hidden" name="incident" value="${incident.id}"><button class="main">It is fixed</button></form></div>`
}
