// The door behind the walled garden. A router leads here what an isolated line asks port 80 of any server, so any method of any path on any host
// is answered with the page for that line. Two things are no page: the probes of devices (probes.ts), and the captive portal API (RFC 8908),
// which is for a proxy with TLS in front.

import { type Context, Hono } from 'hono'
import { languageFor } from '../../../languages/language-for.ts'
import { clientOf } from '../client-of.ts'
import { safeHeaders } from '../safe-headers.ts'
import { noticePage, type NoticeView, PAGE } from './notice-page.ts'
import { probeOf } from './probes.ts'
import { type Asker, askerAt, type RestrictionParts } from './restriction.ts'

export type NoticeParts = RestrictionParts &
  NoticeView & {
    /** `language`: for those of whom none is known, English by default. */
    readonly language: string
    /** Proxies in front, whose X-Forwarded-For is believed: `http.notice.proxies`, 127.0.0.1 and ::1 by default. */
    readonly proxies: readonly string[]
    /** `http.notice.address`: the page over TLS, for devices that ask the API; without it they are told no page. */
    readonly publicAddress?: string | undefined
  }

/** What DHCP announces (RFC 8910), behind the public address. */
export const API_PATH = '/captive-portal/api'

export function noticeApp(parts: NoticeParts): Hono {
  const app = new Hono()
  app.use(safeHeaders("'none'"))
  app.all('*', async context => {
    const asker = askerAt(parts, clientOf(context, parts.proxies))
    const { path } = context.req
    if (path === API_PATH) return api(parts, context, asker)
    // Else a host of probes alone would lead from the page to the page.
    const probe = path === PAGE ? undefined : probeOf(context.req.header('host') ?? '', path)
    if (!probe) return answer(parts, context, asker)
    // A device passes over a 511, and shows its sheet for a redirect.
    if (isRestricted(asker)) return context.redirect(PAGE, 302)
    return probe.status === 204
      ? context.body(null, probe.status)
      : context.body(probe.body, probe.status, { 'Content-Type': probe.type })
  })
  return app
}

const isRestricted = (asker: Asker): boolean => asker.known && asker.restriction !== undefined

/** RFC 8908 §5. */
function api({ publicAddress }: NoticeParts, context: Context, asker: Asker): Response {
  const captive = isRestricted(asker)
  const page =
    publicAddress === undefined ? {} : { 'user-portal-url': new URL(PAGE, publicAddress).href }
  return context.body(JSON.stringify({ captive, ...page }), 200, {
    'Content-Type': 'application/captive+json',
  })
}

async function answer(parts: NoticeParts, context: Context, asker: Asker): Promise<Response> {
  const language = languageFor({
    chosen: context.req.query('lang'),
    customer: asker.known ? asker.subscriber.language : undefined,
    accept: context.req.header('accept-language'),
    server: parts.language,
  })
  context.header('Content-Language', language)
  // RFC 6585 §6: a program that expected another page must not take this one for it.
  const status = isRestricted(asker) && context.req.path !== PAGE ? 511 : 200
  return context.html(await noticePage(parts, asker, language), status)
}
