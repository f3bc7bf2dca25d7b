// The portal's part about port 25 and the second factor: what is open, what it takes, and how to end it.

import { html } from 'hono/html'
import { dayIn } from '../../model/local-time.ts'
import { MAX_DESTINATIONS, type OptOut } from '../../model/opt-out.ts'
import type { Reading } from '../../ports/reading.ts'
import type { Page } from './page.ts'
import { factorField } from './question-card.ts'

export type Port25View = {
  readonly reading: Pick<Reading, 'optOuts' | 'hasFactor' | 'subscriber'>
  readonly subscriber: string
  readonly token: string
  readonly timeZone: () => string
}

export function port25Part(view: Port25View): Page {
  const { reading, subscriber } = view
  const plan = reading.subscriber(subscriber)?.plan
  const mine = reading.optOuts(subscriber)
  const open = mine.find(one => one.state === 'open')
  const asked = mine.find(one => one.state === 'asked')
  return html`<h2>Port 25</h2>
${
  plan === 'expert'
    ? html`<p>Open: it is part of your contract.</p>`
    : open
      ? openPart(view, open)
      : html`<p class="quiet">Closed, as for everybody: mail programs use port 587 or 465, which are always open. Only who runs a mail server, or must use another provider’s on port 25, needs it.</p>
${asked ? askedPart(view, asked) : reading.hasFactor(subscriber) ? askPart(view) : html`<p>To open it, set up a second factor below first.</p>`}`
}
${factorPart(view)}`
}

const hidden = ({ token }: Port25View, order: string, id?: string) =>
  html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="order" value="${order}">${id === undefined ? '' : html`<input type="hidden" name="id" value="${id}">`}`

function openPart(view: Port25View, optOut: OptOut): Page {
  const { kind, server, destinations, confirmBy = 0 } = optOut
  const what =
    kind === 'own-server'
      ? html`Open for your mail server ${server?.name} (${server?.address}).${optOut.reverseDns === 'wanted' ? ' We have been asked to give its address that name.' : ''}`
      : html`Open to ${destinations.join(', ')}, and to nobody else.`
  return html`<div class="card"><p>${what}</p><p class="quiet">Confirm it before ${dayIn(view.timeZone(), confirmBy)}, or it ends. If a device of yours is found to send spam, it ends at once.</p>
<form method="post" action="/order">${hidden(view, 'renew-opt-out', optOut.id)}${factorField}<button>I still need it</button></form>
<form method="post" action="/order">${hidden(view, 'end-opt-out', optOut.id)}<button>Close it</button></form></div>`
}

const askedPart = (view: Port25View, optOut: OptOut): Page =>
  html`<div class="card"><p>We have written you a letter (${optOut.code}). From your own connection, type the code that is in it:</p>
<form method="post" action="/order">${hidden(view, 'confirm-opt-out', optOut.id)}<label>Code of the letter <input name="proof" autocomplete="off" maxlength="20" required></label><button class="main">Open port 25</button></form>
<form method="post" action="/order">${hidden(view, 'end-opt-out', optOut.id)}<button>Forget it</button></form></div>`

const askPart = (view: Port25View): Page =>
  html`<form method="post" action="/order">${hidden(view, 'ask-opt-out')}<input type="hidden" name="optOut" value="own-server">
<p><b>I run a mail server.</b> We look whether it sends mail on for strangers, and give its address its name.</p>
<label>Its full name <input name="serverName" placeholder="mail.example.org" maxlength="255" required></label>${factorField}<button>Ask</button></form>
<form method="post" action="/order">${hidden(view, 'ask-opt-out')}<input type="hidden" name="optOut" value="destinations">
<p><b>I use another provider’s server on port 25.</b> Up to ${MAX_DESTINATIONS}, by name or address, with spaces between.</p>
<label>Servers <input name="destinations" placeholder="smtp.example.net" maxlength="1500" required></label>${factorField}<button>Ask</button></form>`

function factorPart(view: Port25View): Page {
  if (view.reading.hasFactor(view.subscriber))
    return html`<h2>Second factor</h2><p class="quiet">Set up: we ask for its code when you log in. If you lose it, please call us.</p>`
  return html`<h2>Second factor</h2><p class="quiet">A program on your telephone that shows a new code every half minute (any for time based codes). Whoever knows only your password can then not log in.</p>
<form method="post" action="/order">${hidden(view, 'begin-factor')}<button>Show me a key</button></form>
<form method="post" action="/order">${hidden(view, 'confirm-factor')}<label>First code it shows <input name="factor" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required></label><button>Set it up</button></form>`
}
