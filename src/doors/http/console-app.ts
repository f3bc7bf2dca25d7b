// The JSON API and the live page for staff. The same app answers on the control socket, where it also takes orders;
// on the network it only reads.

import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { canonicalIp } from '../../model/ip.ts'
import type { Event } from '../../model/event.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Actor, Order } from '../../model/order.ts'
import type { Step } from '../../model/step.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Operations } from '../../ports/operations.ts'
import type { Reading } from '../../ports/reading.ts'
import type { Refusals } from '../../ports/refusals.ts'
import type { Reload } from '../../ports/reload.ts'
import type { QueueFilter } from '../../ports/spool.ts'
import { livePage } from './live-page.ts'

export type ConsoleParts = {
  readonly reading: Reading
  readonly operations: Operations
  readonly refusals: Refusals
  /** Present on the control socket only. */
  readonly command?: Engine['command']
  /** Likewise: it asks the DNS, which is not for everybody to have done. */
  readonly explain?: (step: Step) => Promise<readonly unknown[]>
  /** Likewise. */
  readonly reload?: Reload
  readonly now: () => number
  /** Names it may be called by, besides addresses. */
  readonly hosts?: readonly string[]
}

/** Rows of any one answer. */
const MAX_ROWS = 1000
/** Events a slow viewer may lag behind before some are skipped. */
const MAX_LAG = 1000
/** Who look on at once: each may keep what it lags behind. */
const MAX_VIEWERS = 50

export function consoleApp(parts: ConsoleParts): Hono {
  const { reading } = parts
  const app = new Hono()
  let viewers = 0
  // A web page that has its own name point here (DNS rebinding) sends that name along.
  app.use(async (context, next) => {
    const host = (context.req.header('host') ?? '').replace(/:\d+$/, '')
    const known =
      host === '' || host === 'localhost' || /^[\d.]+$/.test(host) || host.startsWith('[')
    return known || parts.hosts?.includes(host) ? next() : context.text('Not by that name.', 421)
  })
  app.get('/', context => context.html(livePage()))
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
  app.get('/api/incidents', async context => {
    const open = context.req.query('all') === undefined ? { open: true } : {}
    const subscriber = context.req.query('subscriber')
    return context.json(
      await reading.incidents({ ...open, ...(subscriber ? { subscriber } : {}), limit: MAX_ROWS }),
    )
  })
  app.get('/api/incidents/:id', async context => {
    const [incident] = await reading.incidents({ id: context.req.param('id') })
    if (!incident) return context.json({ error: 'no such incident' }, 404)
    const [decisions, evidence, notices] = await Promise.all([
      reading.decisions(incident.id),
      reading.evidence(incident.subject, 200),
      reading.notices(incident.id),
    ])
    return context.json({
      incident,
      decisions,
      evidence: evidence.filter(row => row.incident === incident.id),
      notices,
    })
  })
  app.get('/api/refusals/:id', async context => {
    const found = await parts.refusals.find(context.req.param('id'))
    return found
      ? context.json(found)
      : context.json({ error: 'no such refusal, or it is older than the journal' }, 404)
  })
  app.get('/api/decisions', context => context.json(reading.inForce()))
  app.get('/api/evidence/:subject', async context =>
    context.json(await reading.evidence(context.req.param('subject') as Subject, 200)),
  )
  app.get('/api/subscribers', context => {
    const rows = []
    for (const subscriber of reading.subscribers()) {
      rows.push(subscriber)
      if (rows.length >= MAX_ROWS) break
    }
    return context.json(rows)
  })
  app.get('/api/subscribers/:id', async context => {
    const subscriber = reading.subscriber(context.req.param('id'))
    if (!subscriber) return context.json({ error: 'no such subscriber' }, 404)
    const { id } = subscriber
    const [incidents, held, enforced] = await Promise.all([
      reading.incidents({ subscriber: id, limit: 50 }),
      reading.queue({ subscriber: id, state: 'held', limit: 100 }),
      reading.enforced(id),
    ])
    const apps = subscriber.logins.flatMap(login => reading.appPasswords(login.name))
    return context.json({ subscriber, leases: reading.leases(id), apps, incidents, held, enforced })
  })
  app.get('/api/drivers', async context => context.json(await reading.drivers()))
  app.get('/api/rollouts', context => context.json(reading.rollouts()))
  app.get('/api/opt-outs', context =>
    context.json(
      // What was to be typed is nobody's business.
      reading.optOuts().map(({ proof: _proof, ...one }) => one),
    ),
  )
  app.get('/api/who', async context => {
    const { realm = 'main', address = '', port, at } = context.req.query()
    const canonical = canonicalIp(address)
    if (canonical === undefined) return context.json({ error: 'that is no address' }, 404)
    const asked = { realm, address: canonical, at: at === undefined ? parts.now() : Number(at) }
    return context.json(
      await reading.who(port === undefined ? asked : { ...asked, port: Number(port) }),
    )
  })
  app.get('/api/queue', async context => {
    const { subscriber, login, state, message } = context.req.query()
    const filter: QueueFilter = {
      limit: MAX_ROWS,
      ...(subscriber ? { subscriber } : {}),
      ...(login ? { login } : {}),
      ...(message ? { message } : {}),
      ...(state === 'held' || state === 'queued' ? { state } : {}),
    }
    return context.json(await reading.queue(filter))
  })
  app.get('/api/audit', async context => context.json(await reading.audit(200)))
  app.get('/live', context => {
    // Hono asks the same for HEAD, and reads no body.
    if (context.req.method === 'HEAD') return context.body(null)
    if (viewers >= MAX_VIEWERS) return context.text('Too many look on already.\n', 503)
    viewers++
    return streamSSE(context, async stream => {
      let lag: Event[] = []
      let wake = () => {}
      const stop = reading.listen(event => {
        if (lag.length < MAX_LAG) lag.push(event)
        wake()
      })
      stream.onAbort(() => {
        viewers--
        stop()
        wake()
      })
      while (!stream.aborted) {
        const events = lag
        lag = []
        for (const event of events) await stream.writeSSE({ data: JSON.stringify(event) })
        if (lag.length === 0 && !stream.aborted)
          await new Promise<void>(resolve => (wake = resolve))
      }
    })
  })
  const { command, explain, reload } = parts
  if (reload) app.post('/api/reload', context => answerReload(context, reload))
  if (explain)
    app.post('/api/explain', async context =>
      context.json(await explain(await context.req.json<Step>())),
    )
  if (command) {
    app.post('/api/orders', async context => {
      const { order, by } = await context.req.json<{ order: Order; by?: string }>()
      const actor: Actor = { kind: 'staff', name: by ?? 'control socket' }
      return context.json(await command({ order, actor, at: parts.now() }))
    })
  }
  return app
}

/** A reason is a sentence or two. */
const MAX_REASON = 500

async function answerReload(context: Context, reload: Reload): Promise<Response> {
  const { by, despite } = await context.req
    .json<{ by?: unknown; despite?: unknown }>()
    .catch(() => ({ by: undefined, despite: undefined }))
  const isWord = (value: unknown): value is string =>
    typeof value === 'string' && value.trim() !== '' && value.length <= MAX_REASON
  if (!isWord(by)) return context.json({ error: 'say who asks (by)' }, 400)
  if (despite !== undefined && !isWord(despite))
    return context.json({ error: `say why (despite), in ${MAX_REASON} letters at most` }, 400)
  return context.json(await reload({ by, ...(despite === undefined ? {} : { despite }) }))
}
