// The owner's own pages: log in with customer number and portal password, read what was seen, say that it is fixed,
// set a new mail password, send or delete what was held. Forms only; works without JavaScript.

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { getConnInfo } from '@hono/node-server/conninfo'
import { bodyLimit } from 'hono/body-limit'
import { getCookie, setCookie } from 'hono/cookie'
import { languageFor } from '../../languages/language-for.ts'
import type { PortalWords } from '../../languages/english/portal.ts'
import { SENTENCES } from '../../languages/languages.ts'
import { BoundedMap } from '../../model/bounded-map.ts'
import { HOUR } from '../../model/duration.ts'
import { canonicalIp } from '../../model/ip.ts'
import type { OwnLook } from '../../model/own-look.ts'
import type { OrderOutcome, Owner, Refused } from '../../model/order.ts'
import type { Language } from '../../model/subscriber.ts'
import type { Form } from '../../orders/contract/contract.ts'
import { contractOf } from '../../orders/contract/orders.ts'
import { parseFields } from '../../orders/parse-order.ts'
import { inWords } from '../../orders/problem.ts'
import type { Credentials } from '../../ports/credentials.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Reading } from '../../ports/reading.ts'
import { clientOf } from './client-of.ts'
import { formOf, formOfMany } from './form-of.ts'
import { type AtOnceSession, ordersAtOnce } from './orders-at-once.ts'
import { isOverTls, saysNoScheme } from './over-tls.ts'
import { portalLogin, type PortalLoginParts } from './portal-login.ts'
import { homePage, loginPage, type PortalView } from './portal-pages.ts'
import { safeHeaders } from './safe-headers.ts'
import { whyApp, type WhyParts } from './why-app.ts'

export type PortalParts = PortalLoginParts & {
  readonly reading: Reading
  readonly command: Engine['command']
  readonly credentials: Pick<Credentials, 'verifyPortal' | 'portalMark'>
  /** `provider`, Your provider by default, 1 to 200 characters. */
  readonly provider: string
  /** `language`: for those of whom none is known, English by default. */
  readonly language: string
  /** `timeZone`, UTC by default. */
  readonly timeZone: () => string
  /** `http.look`. */
  readonly look?: OwnLook | undefined
  /** Proxies in front, whose X-Forwarded-For is believed: `http.portal.proxies`, 127.0.0.1 and ::1 by default. */
  readonly proxies: readonly string[]
  /** What the operator should set right: in the log. */
  readonly trouble: (words: string) => void
  readonly why: WhyParts
}

type Session = AtOnceSession & {
  readonly subscriber: string
  readonly token: string
  readonly until: number
  /** The mark of the password that the session was begun with. */
  readonly mark: string
  /** A new app password; shown once. */
  secret?: string
}

/** A session ends after an hour; there are never more than so many. */
const SESSION_FOR = HOUR
const MAX_SESSIONS = 10_000
const MAX_FORM = 16 * 1024

export function portalApp(parts: PortalParts): Hono {
  const sessions = new BoundedMap<string, Session>(MAX_SESSIONS)
  const app = new Hono()

  app.use(safeHeaders("'self'"))

  app.use(bodyLimit({ maxSize: MAX_FORM }))

  app.route('/why', whyApp(parts.why))

  const sessionOf = (context: Context): Session | undefined => {
    const session = sessions.get(getCookie(context, 'cordon') ?? '')
    if (!session) return undefined
    // A session ends with the password that it began with, and with its subscriber.
    const stands = session.mark === parts.credentials.portalMark(session.subscriber)
    // Wall time: a browser's session has nothing to do with the time mail lives in.
    return stands && session.until > Date.now() ? session : undefined
  }

  const silent = new Set<string>()
  const tellOfScheme = (context: Context) => {
    const proxy = saysNoScheme(context, parts.proxies)
    if (proxy === undefined || silent.has(proxy)) return
    // There are as many as the configuration names.
    silent.add(proxy)
    parts.trouble(
      `the proxy at ${proxy} sends X-Forwarded-For and no X-Forwarded-Proto, so the cookie of the portal is not marked Secure (docs/portal.md has the lines for nginx and Apache)`,
    )
  }

  app.get('/', async context => {
    const session = sessionOf(context)
    if (!session) return context.html(loginPage(viewFor(parts, context), undefined))
    const { said, secret } = session
    delete session.said
    delete session.secret
    return context.html(
      await homePage(viewFor(parts, context, session.subscriber), session, { said, secret }),
    )
  })

  app.post('/login', async context => {
    // A page of another site must not spend the owner's attempts.
    if (isOfAnotherSite(context, parts.proxies))
      return context.html(loginPage(viewFor(parts, context), undefined), 403)
    tellOfScheme(context)
    const form = await formOf(context)
    const subscriber = field(form, 'customer').trim()
    // Taken before the password is checked: a password that changes meanwhile begins no session.
    const mark = parts.credentials.portalMark(subscriber)
    const answer = await portalLogin(
      parts,
      {
        subscriber,
        password: field(form, 'password'),
        factor: field(form, 'factor'),
        words: SENTENCES[viewFor(parts, context).language].portal.login,
      },
      clientOf(context, parts.proxies),
    )
    if (answer !== 'in') {
      const { status, problem } = answer
      if ('retryAfter' in answer) context.header('Retry-After', String(answer.retryAfter))
      return context.html(loginPage(viewFor(parts, context), problem), status)
    }
    if (mark === undefined) return context.html(loginPage(viewFor(parts, context), undefined), 401)
    setCookie(context, 'cordon', beginSession(sessions, { subscriber, mark }), {
      httpOnly: true,
      sameSite: 'Strict',
      secure: isOverTls(context, parts.proxies),
      path: '/',
      maxAge: SESSION_FOR / 1000,
    })
    return context.redirect('/', 303)
  })

  app.post('/logout', context => {
    sessions.delete(getCookie(context, 'cordon') ?? '')
    return context.redirect('/', 303)
  })

  app.post('/orders', async context => {
    const { values: messages, form } = await formOfMany(context, 'message')
    const session = sessionOf(context)
    if (!session) return context.redirect('/', 303)
    const { home, outcome: words } = wordsOf(viewFor(parts, context, session.subscriber))
    if (!sameToken(field(form, 'token'), session.token)) return context.text(home.oldForm, 403)
    const actor = ownerOf(parts, context, session)
    const order = field(form, 'order')
    if (!(await ordersAtOnce(parts, session, { order, messages, actor, words })))
      return context.text(home.notHere, 400)
    return context.redirect('/', 303)
  })

  app.post('/order', async context => {
    const form = await formOf(context)
    // Looked up when the form is complete: a slow form may outlive its session.
    const session = sessionOf(context)
    if (!session) return context.redirect('/', 303)
    const view = viewFor(parts, context, session.subscriber)
    const { home } = wordsOf(view)
    if (!sameToken(field(form, 'token'), session.token)) return context.text(home.oldForm, 403)
    const contract = contractOf(field(form, 'order'))
    // The engine checks again whether the owner may.
    if (!contract?.ownerMay) return context.text(home.notHere, 400)
    const parsed = parseFields(contract.kind, contract.form(filledIn(form)))
    if ('problem' in parsed) {
      const said = view.language === 'en' ? inWords(parsed.problem) : wordsOf(view).outcome.refused
      return context.html(await homePage(view, session, { said, secret: undefined }), 400)
    }
    const actor = ownerOf(parts, context, session)
    const outcome = await parts.command({ order: parsed.order, actor, at: parts.now() })
    session.said = saidOf(view.language, parsed.order.kind, outcome)
    if (outcome.done && outcome.secret !== undefined) session.secret = outcome.secret
    return context.redirect('/', 303)
  })
  return app
}

const ownerOf = (
  { proxies }: Pick<PortalParts, 'proxies'>,
  context: Context,
  { subscriber }: Session,
): Owner => ({ kind: 'owner', subscriber, from: clientOf(context, proxies) })

/** As one browser and customer are told things. */
function viewFor(parts: PortalParts, context: Context, subscriber?: string): PortalView {
  const { reading, provider, timeZone, look } = parts
  const customer = subscriber === undefined ? undefined : reading.subscriber(subscriber)?.language
  const accept = context.req.header('accept-language')
  const language = languageFor({ customer, accept, server: parts.language })
  return { reading, provider, timeZone, language, look }
}

const wordsOf = ({ language }: PortalView) => SENTENCES[language].portal

/** The engine says in English what came of an order; in other languages it is said in fewer words. */
function saidOf(language: Language, kind: string, outcome: OrderOutcome): string {
  const { outcome: words, why } = SENTENCES[language].portal
  // A button that was pressed twice: its message has no number that its owner knows.
  if (!outcome.done && outcome.why === 'not-held') return why['not-held']
  if (language === 'en') return outcome.text
  if (!outcome.done) return refusedWords(outcome, words.refused, why)
  if (kind === 'release-message') return outcome.waits ? words.turn(1) : words.sent(1)
  if (kind === 'purge-message') return words.deleted(1)
  if (kind === 'begin-factor') return words.key
  if (kind === 'change-password') return words.password
  return kind === 'release' ? words.released : words.done
}

function refusedWords(
  { why, unavailable }: Refused,
  general: string,
  words: PortalWords['why'],
): string {
  if (why !== undefined) return words[why]
  return unavailable ? words['not-now'] : general
}

/** Returns its id. */
function beginSession(
  sessions: BoundedMap<string, Session>,
  { subscriber, mark }: Pick<Session, 'subscriber' | 'mark'>,
): string {
  const id = randomBytes(24).toString('base64url')
  const token = randomBytes(24).toString('base64url')
  sessions.set(id, { subscriber, mark, token, until: Date.now() + SESSION_FOR })
  return id
}

/** A text field; a file or a missing one is empty. */
function field(form: Record<string, unknown>, name: string): string {
  const value = form[name]
  return typeof value === 'string' ? value : ''
}

/** What was filled in: files and what is empty count as not there. */
function filledIn(form: Record<string, unknown>): Form {
  const { token: _token, order: _order, ...rest } = form
  return Object.fromEntries(
    Object.entries(rest).filter((one): one is [string, string] => {
      const [, value] = one
      return typeof value === 'string' && value !== ''
    }),
  )
}

function sameToken(given: string, wanted: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * By Fetch Metadata, which browsers send over HTTPS; else by Origin, which they send with every form. A proxy may have written another Host
 * than the browser's, so behind one only Fetch Metadata counts. A client that sends neither is no browser of the last five years.
 */
function isOfAnotherSite(context: Context, proxies: readonly string[]): boolean {
  const site = context.req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { address = '' } = getConnInfo(context).remote
  if (proxies.includes(canonicalIp(address) ?? address)) return false
  const origin = context.req.header('origin')
  return origin !== undefined && URL.parse(origin)?.host !== context.req.header('host')
}
