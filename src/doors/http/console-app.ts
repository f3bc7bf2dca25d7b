// The JSON API (api.ts) and the live page for staff. The same app answers on the control socket, where it also takes orders;
// on the network it only reads.

import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { SECOND } from '../../model/duration.ts'
import type { Event } from '../../model/event.ts'
import type { Operations } from '../../ports/operations.ts'
import { api, type ApiParts, PREFIX } from './api.ts'
import { livePage } from './live-page.ts'

export type ConsoleParts = ApiParts & {
  readonly operations: Operations
  /** Names it may be called by, besides addresses. */
  readonly hosts?: readonly string[]
}

/** Events a slow viewer may lag behind before some are skipped, which they are told. */
const MAX_LAG = 1000
/** Viewers at once: each may keep the events that it lags behind. */
const MAX_VIEWERS = 50

/** Proxies cut what says nothing for a minute (nginx: `proxy_read_timeout`). */
const QUIET = 20 * SECOND
/** A browser passes over it. */
const COMMENT = ':\n\n'

async function orQuiet(woken: Promise<'woken'>): Promise<'woken' | 'quiet'> {
  let clock: NodeJS.Timeout | undefined
  const quiet = new Promise<'quiet'>(resolve => {
    clock = setTimeout(() => resolve('quiet'), QUIET).unref()
  })
  try {
    return await Promise.race([woken, quiet])
  } finally {
    clearTimeout(clock)
  }
}

const NOT_SO_CALLED =
  'Not by that name. Names that a reverse proxy hands on are written in the setting http.console.names.\n'

export function consoleApp(parts: ConsoleParts): Hono {
  const { reading } = parts
  const app = new Hono()
  let viewers = 0
  // A web page that has its own name point here (DNS rebinding) sends that name along; none reaches the control socket.
  app.use(async (context, next) => {
    if (parts.command) return next()
    const host = (context.req.header('host') ?? '').replace(/:\d+$/, '').toLowerCase()
    const known =
      host === '' || host === 'localhost' || /^[\d.]+$/.test(host) || host.startsWith('[')
    return known || parts.hosts?.includes(host) ? next() : context.text(NOT_SO_CALLED, 421)
  })
  app.get('/', async context => context.html(livePage()))
  app.get('/healthz', async context => {
    const problems = await parts.operations.problems()
    return problems.length === 0
      ? context.text('ok\n')
      : context.text(`${problems.join('\n')}\n`, 503)
  })
  app.get('/metrics', async context => {
    const { contentType, text } = await parts.operations.metrics()
    return context.body(text, 200, { 'Content-Type': contentType })
  })
  app.get('/live', context => {
    // Hono asks the same for HEAD, and reads no body.
    if (context.req.method === 'HEAD') return context.body(null)
    if (viewers >= MAX_VIEWERS) return context.text('Too many look on already.\n', 503)
    viewers++
    return streamSSE(context, async stream => {
      let lag: Event[] = []
      let lost = 0
      let wake = () => {}
      const stop = reading.listen(event => {
        if (lag.length < MAX_LAG) lag.push(event)
        else lost++
        wake()
      })
      stream.onAbort(() => {
        viewers--
        stop()
        wake()
      })
      while (!stream.aborted) {
        const events = lag
        const gap = { kind: 'journal-gap', at: events.at(-1)?.at ?? 0, lost }
        lag = []
        lost = 0
        for (const event of events) await stream.writeSSE({ data: JSON.stringify(event) })
        if (gap.lost > 0) await stream.writeSSE({ data: JSON.stringify(gap) })
        if (lag.length > 0 || stream.aborted) continue
        const woken = new Promise<'woken'>(resolve => (wake = () => resolve('woken')))
        if ((await orQuiet(woken)) === 'quiet') await stream.write(COMMENT)
      }
    })
  })
  app.route(PREFIX, api(parts))
  return app
}
