// The portal's part about port 25 and the second factor: what is open, what it takes, and how to end it.

import { html } from 'hono/html'
import { SENTENCES } from '../../languages/languages.ts'
import { dayIn } from '../../model/local-time.ts'
import { MAX_DESTINATIONS, type OptOut } from '../../model/opt-out.ts'
import type { Language } from '../../model/subscriber.ts'
import type { Reading } from '../../ports/reading.ts'
import type { Page } from './page.ts'
import { factorField } from './question-card.ts'

export type Port25View = {
  readonly reading: Pick<Reading, 'optOuts' | 'hasFactor' | 'subscriber'>
  readonly subscriber: string
  readonly token: string
  readonly timeZone: () => string
  readonly language: Language
}

export function port25Part(view: Port25View): Page {
  const { reading, subscriber } = view
  const words = wordsIn(view)
  const plan = reading.subscriber(subscriber)?.plan
  const mine = reading.optOuts(subscriber)
  const open = mine.find(one => one.state === 'open')
  const asked = mine.find(one => one.state === 'asked')
  return html`<h2>Port 25</h2>
${
  plan === 'expert'
    ? html`<p>${words.expert}</p>`
    : open
      ? openPart(view, open)
      : html`<p class="quiet">${words.closed}</p>
${asked ? askedPart(view, asked) : reading.hasFactor(subscriber) ? askPart(view) : html`<p>${words.factorFirst}</p>`}`
}
${factorPart(view)}`
}

const hidden = ({ token }: Port25View, order: string, id?: string) =>
  html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="order" value="${order}">${id === undefined ? '' : html`<input type="hidden" name="id" value="${id}">`}`

function openPart(view: Port25View, optOut: OptOut): Page {
  const { kind, server, destinations, confirmBy = 0 } = optOut
  const words = wordsIn(view)
  const what =
    kind === 'own-server'
      ? html`${words.ownServer(`${server?.name} (${server?.address})`)}${optOut.reverseDns === 'wanted' ? words.reverseDns : ''}`
      : words.destinations(destinations.join(', '))
  return html`<div class="card"><p>${what}</p><p class="quiet">${words.confirm(dayIn(view.timeZone(), confirmBy))}</p>
<form method="post" action="/order">${hidden(view, 'renew-opt-out', optOut.id)}${factorField(view.language)}<button>${words.renew}</button></form>
<form method="post" action="/order">${hidden(view, 'end-opt-out', optOut.id)}<button>${words.close}</button></form></div>`
}

const askedPart = (view: Port25View, optOut: OptOut): Page =>
  html`<div class="card"><p>${wordsIn(view).letter(optOut.code)}</p>
<form method="post" action="/order">${hidden(view, 'confirm-opt-out', optOut.id)}<label>${wordsIn(view).letterCode} <input name="proof" autocomplete="off" maxlength="20" required></label><button class="main">${wordsIn(view).open}</button></form>
<form method="post" action="/order">${hidden(view, 'end-opt-out', optOut.id)}<button>${wordsIn(view).forget}</button></form></div>`

const askPart = (view: Port25View): Page =>
  html`<form method="post" action="/order">${hidden(view, 'ask-opt-out')}<input type="hidden" name="optOut" value="own-server">
<p><b>${wordsIn(view).server}</b> ${wordsIn(view).serverWords}</p>
<label>${wordsIn(view).serverName} <input name="serverName" placeholder="mail.example.org" maxlength="255" required></label>${factorField(view.language)}<button>${wordsIn(view).ask}</button></form>
<form method="post" action="/order">${hidden(view, 'ask-opt-out')}<input type="hidden" name="optOut" value="destinations">
<p><b>${wordsIn(view).other}</b> ${wordsIn(view).otherWords(MAX_DESTINATIONS)}</p>
<label>${wordsIn(view).servers} <input name="destinations" placeholder="smtp.example.net" maxlength="1500" required></label>${factorField(view.language)}<button>${wordsIn(view).ask}</button></form>`

const wordsIn = ({ language }: Port25View) => SENTENCES[language].portal.port25

function factorPart(view: Port25View): Page {
  const words = SENTENCES[view.language].portal.factor
  if (view.reading.hasFactor(view.subscriber))
    return html`<h2>${words.title}</h2><p class="quiet">${words.there}</p>`
  return html`<h2>${words.title}</h2><p class="quiet">${words.words}</p>
<form method="post" action="/order">${hidden(view, 'begin-factor')}<button>${words.show}</button></form>
<form method="post" action="/order">${hidden(view, 'confirm-factor')}<label>${words.first} <input name="factor" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required></label><button>${words.setUp}</button></form>`
}
