// The API of staff and of the command line, under /api/v1: what may be read, and on the control socket what may be ordered. All of it is
// made from two lists: READS, and the contracts of orders.

import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isCutOff } from './cut-off.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import { DoubledKey, parseJson } from '../../model/json.ts'
import { NoSuchPlace } from '../../model/page.ts'
import type { Actor } from '../../model/order.ts'
import type { Step } from '../../model/step.ts'
import { CONTRACTS, contractOf } from '../../orders/contract/orders.ts'
import { noOrder, parseFields } from '../../orders/parse-order.ts'
import { NOT_AFTER } from '../../orders/problem.ts'
import { explainedStep, orderQuery, type Query, reloadAsked } from '../../orders/queries.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Reload } from '../../ports/reload.ts'
import { apiError } from './api-error.ts'
import { openApi } from './openapi.ts'
import { queryOf } from './query-of.ts'
import { READS, type ReadParts } from './reads.ts'

export const PREFIX = '/api/v1'

export type ApiParts = ReadParts & {
  /** Present on the control socket only. */
  readonly command?: Engine['command']
  /** On the control socket only: it asks the DNS, which not every client may make us do. */
  readonly explain?: (step: Step) => Promise<readonly unknown[]>
  /** On the control socket only: reads the configuration again. */
  readonly reload?: Reload
  readonly trouble: (error: unknown, about: string) => void
}

/** Of a question that is asked in JSON. */
const MAX_STEP = 64 * 1024

export function api(parts: ApiParts): Hono {
  const app = new Hono()
  const { command, explain, reload } = parts
  app.onError((error, context) => {
    if (error instanceof NoSuchPlace)
      return apiError(context, 'invalid', { field: 'after', message: error.message })
    if (error instanceof StoreUnavailable)
      return apiError(context, 'unavailable', { message: 'A store does not answer. Try again.' })
    if (!isCutOff(context)) parts.trouble(error, `${context.req.method} ${context.req.path}`)
    return apiError(context, 'trouble', { message: 'Something went wrong here; the log has it.' })
  })
  const document = openApi({ prefix: PREFIX, orders: command !== undefined })
  app.get('/openapi.json', context => context.json(document))
  for (const read of READS) {
    const { path, query, missing } = read
    app.get(path.replace('{id}', ':id'), async context => {
      const parsed = queryOf(context, query)
      if ('problem' in parsed) return apiError(context, 'invalid', parsed.problem)
      const found = await read.answer(parts, parsed.asked, context.req.param('id') ?? '')
      return found === undefined
        ? apiError(context, 'not-found', { message: missing ?? 'There is nothing.' })
        : context.json(found)
    })
  }
  if (explain) explaining(app, explain)
  if (reload) reloading(app, reload)
  if (command) ordering(app, { command, now: parts.now })
  app.all('*', context =>
    apiError(context, 'not-found', {
      message: `There is nothing at ${context.req.method} ${context.req.path.slice(0, 200)}; ${PREFIX}/openapi.json has what there is.`,
    }),
  )
  return app
}

const limited = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: context =>
      apiError(context, 'too-large', { message: `Write at most ${maxSize} bytes.` }),
  })

function explaining(app: Hono, explain: NonNullable<ApiParts['explain']>): void {
  app.post('/explain', limited(MAX_STEP), async context => {
    const body = await jsonOf(context)
    if ('answer' in body) return body.answer
    const parsed = (explainedStep as Query<Step>).parse(body.json)
    return 'problem' in parsed
      ? apiError(context, 'invalid', parsed.problem)
      : context.json(await explain(parsed.asked))
  })
}

function reloading(app: Hono, reload: Reload): void {
  app.post('/reload', limited(MAX_STEP), async context => {
    const who = queryOf(context, orderQuery)
    if ('problem' in who) return apiError(context, 'invalid', who.problem)
    const body = await jsonOf(context)
    if ('answer' in body) return body.answer
    const parsed = reloadAsked.parse(body.json)
    if ('problem' in parsed) return apiError(context, 'invalid', parsed.problem)
    return context.json(await reload({ by: who.asked.by ?? 'control socket', ...parsed.asked }))
  })
}

function ordering(
  app: Hono,
  { command, now }: { readonly command: Engine['command']; readonly now: () => number },
): void {
  for (const { kind, maxBytes, staffMay } of CONTRACTS)
    if (staffMay)
      app.post(`/orders/${kind}`, limited(maxBytes), async context => {
        const who = queryOf(context, orderQuery)
        if ('problem' in who) return apiError(context, 'invalid', who.problem)
        const body = await jsonOf(context)
        if ('answer' in body) return body.answer
        const parsed = parseFields(kind, body.json)
        if ('problem' in parsed) return apiError(context, 'invalid', parsed.problem)
        const actor: Actor = { kind: 'staff', name: who.asked.by ?? 'control socket' }
        const outcome = await command({ order: parsed.order, actor, at: now() })
        return outcome.done
          ? context.json(outcome)
          : apiError(context, outcome.unavailable ? 'unavailable' : 'refused', {
              message: outcome.text,
            })
      })
  app.post('/orders/:kind', context => {
    const kind = context.req.param('kind')
    return contractOf(kind)
      ? apiError(context, 'refused', { message: 'Only a customer can do that, in the portal.' })
      : apiError(context, 'not-found', noOrder(kind))
  })
}

/** The JSON that the client sent, or the answer that says why it is not read. */
async function jsonOf(
  context: Context,
): Promise<{ readonly json: unknown } | { readonly answer: Response }> {
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/json\s*(?:;\s*charset="?utf-8"?)?$/i.test(type.trim()))
    return { answer: apiError(context, 'content-type', { message: 'Send application/json.' }) }
  const text = await context.req.text()
  // By this machine's clock, which a client of the control socket shares.
  const lateBy = Date.now() - Number(context.req.header(NOT_AFTER) ?? Infinity)
  if (lateBy > 0)
    return {
      answer: apiError(context, 'refused', {
        message: `Not done: the client stopped waiting ${Math.ceil(lateBy / 1000)} s ago.`,
      }),
    }
  try {
    return { json: parseJson(text) }
  } catch (error) {
    if (error instanceof DoubledKey)
      return { answer: apiError(context, 'invalid', { message: error.message }) }
    return { answer: apiError(context, 'not-json', { message: 'That is not JSON.' }) }
  }
}
