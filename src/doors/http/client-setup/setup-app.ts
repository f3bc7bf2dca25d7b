// Sets up mail programs: what each asks, at the place where it asks. Strangers ask. An answer depends on the settings, the domain and
// the text of the address, and on nothing else: whether an address exists is not told here. Behind a proxy with TLS.

import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { languageFor } from '../../../languages/language-for.ts'
import {
  AUTODISCOVER_JSON_ERROR,
  AUTODISCOVER_JSON_PATH,
  autodiscoverError,
  autodiscoverJson,
  autodiscoverXml,
  POX_PATH,
  readAutodiscover,
} from '../../../mail/client-setup/autodiscover.ts'
import {
  askedAddress,
  type ClientSetup,
  clientSetup,
  type ProviderServers,
  domainOfHost,
} from '../../../mail/client-setup/client-setup.ts'
import {
  mobileProfile,
  PROFILE_PATH,
  PROFILE_TYPE,
} from '../../../mail/client-setup/mobile-profile.ts'
import { MOZILLA_PATHS, mozillaConfig } from '../../../mail/client-setup/mozilla.ts'
import { USER_AGENT_PATH, userAgentConfig } from '../../../mail/client-setup/user-agent-config.ts'
import { safeHeaders } from '../safe-headers.ts'
import { setupPage } from './setup-page.ts'

export type ProfileSigner = {
  /** False without a certificate of the operator's: then profiles are not signed. */
  signs(): boolean
  /** Of a profile its signed form (CMS, DER); undefined when too many wait. */
  sign(profile: string): Promise<Uint8Array | undefined>
}

export type SetupParts = {
  readonly settings: ProviderServers
  readonly signer: ProfileSigner
  /** `language`: for those whose browser names none. */
  readonly language: string
}

/** Bytes of a request of Outlook's: it has a few hundred. */
const MAX_REQUEST = 16 * 1024
const XML = 'application/xml; charset=utf-8'
const JSON_TYPE = 'application/json'

export function setupApp(parts: SetupParts): Hono {
  const app = new Hono()
  const userAgent = userAgentConfig(parts.settings)
  app.use(safeHeaders("'self'"))
  app.use(bodyLimit({ maxSize: MAX_REQUEST }))
  for (const path of MOZILLA_PATHS) app.get(path, context => mozilla(parts, context))
  app.get(USER_AGENT_PATH, context => answer(context, userAgent, JSON_TYPE))
  app.get(PROFILE_PATH, context => profile(parts, context))
  app.get('/', context => forPeople(parts, context))
  app.all('*', context => outlook(parts, context))
  return app
}

const answer = (context: Context, body: string, type: string, status: 200 | 404 = 200): Response =>
  context.body(body, status, { 'Content-Type': type })

const nothing = (context: Context): Response =>
  context.text('There is nothing for mail programs here.\n', 404)

/** Without an address, or with a placeholder, the host says which domain is meant. */
function mozilla({ settings }: SetupParts, context: Context): Response {
  const asked = askedAddress(context.req.query('emailaddress') ?? '')
  const host = domainOfHost(settings.domains, context.req.header('host') ?? '')
  const domain = asked?.domain ?? host ?? settings.domains[0] ?? ''
  const setup = clientSetup(settings, domain)
  return setup ? answer(context, mozillaConfig(setup), XML) : nothing(context)
}

async function outlook(parts: SetupParts, context: Context): Promise<Response> {
  const path = context.req.path.toLowerCase()
  const isPox = path === POX_PATH
  if (!isPox && path !== AUTODISCOVER_JSON_PATH && !path.startsWith(`${AUTODISCOVER_JSON_PATH}/`))
    return nothing(context)
  const methods = ['GET', 'HEAD', ...(isPox ? ['POST'] : [])]
  if (!methods.includes(context.req.method)) {
    const allow = methods.join(', ')
    return context.text(`This address takes ${allow} only.\n`, 405, { Allow: allow })
  }
  return isPox ? answer(context, await pox(parts, context), XML) : json(parts, context)
}

/** An error is an answer of status 200, too ([MS-OXDSCLI]). */
async function pox({ settings }: SetupParts, context: Context): Promise<string> {
  const read =
    context.req.method === 'POST' ? readAutodiscover(await context.req.text()) : undefined
  const asked = askedAddress(read?.address ?? '')
  if (!read || !asked) return autodiscoverError(600)
  const setup = clientSetup(settings, asked.domain, asked.address)
  return (read.outlook && setup && autodiscoverXml(setup)) || autodiscoverError(601)
}

/** The address is a parameter, or the end of the path. */
function json({ settings }: SetupParts, context: Context): Response {
  const query = new Map(
    Object.entries(context.req.query()).map(([key, value]) => [key.toLowerCase(), value]),
  )
  const written = query.get('email') ?? decoded(context.req.path.split('/').at(-1) ?? '')
  const asked = askedAddress(written)
  const known = asked && settings.domains.includes(asked.domain)
  const body = known && autodiscoverJson(asked.domain, query.get('protocol') ?? '')
  return body
    ? answer(context, body, JSON_TYPE)
    : answer(context, AUTODISCOVER_JSON_ERROR, JSON_TYPE, 404)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

async function profile({ settings, signer }: SetupParts, context: Context): Promise<Response> {
  const setup = setupFor(settings, context.req.query('address'))
  const written = setup && mobileProfile(setup)
  if (setup === undefined || written === undefined) return nothing(context)
  const body = signer.signs() ? await signer.sign(written) : Buffer.from(written)
  if (!body)
    throw new HTTPException(503, { message: 'Too many ask at once. Please try again in a minute.' })
  return context.body(new Uint8Array(body), 200, {
    'Content-Type': PROFILE_TYPE,
    'Content-Disposition': `attachment; filename="${setup.domain}.mobileconfig"`,
  })
}

async function forPeople(parts: SetupParts, context: Context): Promise<Response> {
  const { settings, signer } = parts
  const language = languageFor({
    chosen: context.req.query('lang'),
    accept: context.req.header('accept-language'),
    server: parts.language,
  })
  context.header('Content-Language', language)
  const asked = context.req.query('address')
  const setup = setupFor(settings, asked)
  const view = { provider: settings.provider, signed: signer.signs(), asked, setup }
  return context.html(setupPage(view, language), setup || !asked ? 200 : 404)
}

function setupFor(settings: ProviderServers, text = ''): ClientSetup | undefined {
  const asked = askedAddress(text)
  return asked && clientSetup(settings, asked.domain, asked.address)
}
