// The page for people: their address gives the servers to write into a mail program, a profile for Apple's, and a QR code that brings the page onto
// the phone. No script, nothing from elsewhere.

import { html } from 'hono/html'
import { named, SENTENCES } from '../../../languages/languages.ts'
import type { Sentences } from '../../../languages/sentences.ts'
import type { ClientSetup, MailServer } from '../../../mail/client-setup/client-setup.ts'
import { PROFILE_PATH } from '../../../mail/client-setup/mobile-profile.ts'
import { type Language, LANGUAGES } from '../../../model/subscriber.ts'
import { type Page, page } from '../page.ts'
import { qrSvg } from './qr-svg.ts'

export type SetupView = {
  readonly provider: string
  /** Whether profiles are signed. */
  readonly signed: boolean
  /** What was written into the form. */
  readonly asked: string | undefined
  /** Undefined where nothing was asked, or nothing that is of us. */
  readonly setup: ClientSetup | undefined
}

export function setupPage(view: SetupView, language: Language): Page {
  const sentences = SENTENCES[language]
  const { setup: words } = sentences
  const { provider } = named(sentences, { provider: view.provider, portal: '' })
  const { asked = '', setup } = view
  const others = LANGUAGES.filter(one => one !== language)
  const query = (lang: string) =>
    new URLSearchParams({ lang, ...(asked === '' ? {} : { address: asked }) }).toString()
  return page(
    `${provider}: ${words.heading}`,
    html`<main><p class="quiet">${provider}</p><h1>${words.heading}</h1>
${asked !== '' && !setup ? html`<p class="problem" role="alert">${words.notOurs}</p>` : ''}
<form method="get" action="/"><input type="hidden" name="lang" value="${language}"><label>${words.address}<input name="address" type="email" autocomplete="email" required maxlength="254" value="${asked}"></label>
<button class="main">${words.show}</button></form>
${setup ? found(setup, sentences, view.signed) : html`<p>${words.itself}</p>`}
</main><nav><p>${others.map(one => html`<a href="/?${query(one)}" lang="${one}" hreflang="${one}">${SENTENCES[one].name}</a> `)}</p></nav>`,
    language,
  )
}

function found(setup: ClientSetup, { setup: words }: Sentences, signed: boolean): Page {
  const { address = '', domain, reading, sending } = setup
  const query = new URLSearchParams({ address }).toString()
  const code = qrSvg(`https://autoconfig.${domain}/?${query}`, words.code)
  const servers = [
    ...reading.map(one => ({ one, heading: words.read })),
    ...sending.map(one => ({ one, heading: words.send })),
  ]
  return html`<h2>${words.servers}</h2><p>${words.itself}</p>
${servers.map(({ one, heading }) => server(one, heading, words))}
<div class="card"><dl><dt>${words.login}</dt><dd><b>${address}</b></dd><dt>${words.password}</dt><dd>${words.yourPassword}</dd></dl></div>
<h2>${words.apple}</h2><p>${words.profile}</p><p><a href="${PROFILE_PATH}?${query}"><b>${words.install}</b></a></p>
<p class="quiet">${signed ? words.signed : words.unsigned}</p>
${code ? html`<h2>${words.phone}</h2><p>${words.scan}</p><p>${code}</p>` : ''}`
}

const NAMES = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' } as const
const SECURITY = { implicit: 'SSL/TLS', starttls: 'STARTTLS' } as const

const server = (
  { protocol, host, port, tls }: MailServer,
  heading: string,
  words: Sentences['setup'],
): Page =>
  html`<div class="card"><h3>${heading} (${NAMES[protocol]})</h3><dl><dt>${words.server}</dt><dd><code>${host}</code></dd><dt>${words.port}</dt><dd>${port}</dd><dt>${words.security}</dt><dd>${SECURITY[tls]}</dd></dl></div>`
