// What may stand behind the question mark of a read, and what `explain` is asked. Refused with a sentence, like an order, and never taken
// for something else.

import { z } from 'zod'
import type { Subject } from '../model/evidence.ts'
import { canonicalIp } from '../model/ip.ts'
import { LISTENERS } from '../model/step.ts'
import { customer, dryRun, id, line, login, realm } from './contract/fields.ts'
import { jsonSchema, type JsonSchema } from './json-schema.ts'
import { type Problem, problemOf } from './problem.ts'

export type Query<T> = {
  readonly schema: JsonSchema
  parse(given: unknown): { readonly asked: T } | { readonly problem: Problem }
}

function query<F extends z.ZodObject>(fields: F): Query<z.output<F>> {
  return {
    schema: jsonSchema(fields),
    parse: given => {
      const parsed = fields.safeParse(given)
      return parsed.success
        ? { asked: parsed.data }
        : { problem: problemOf(parsed.error, Object.keys(fields.shape), given) }
    },
  }
}

const optional = z.exactOptional
const ADDRESS = 'Write an IP address, such as 192.0.2.1 or 2001:db8::1.'
const address = z
  .string({ error: ADDRESS })
  .refine(value => canonicalIp(value) !== undefined, { error: ADDRESS, abort: true })
  .transform(value => canonicalIp(value) as string)

/** In an address everything is text. */
const number = (advice: string, pattern: RegExp, max: number) =>
  z
    .string({ error: advice })
    .regex(pattern, { error: advice, abort: true })
    .transform(Number)
    .refine(value => value <= max, { error: advice })

/** Rows of any one answer. */
export const MAX_ROWS = 1000

const page = {
  limit: optional(number('Write how many rows, from 1 to 1000.', /^[1-9]\d{0,3}$/, MAX_ROWS)),
  after: optional(z.string().min(1).max(1000)),
}

const SUBJECT = 'Write line:CUSTOMER or login:NAME.'
const subject = line(SUBJECT, 261)
  .regex(/^(?:line|login):\S/, { error: SUBJECT })
  .transform(value => value as Subject)

export const noQuery = query(z.strictObject({}))
export const pageQuery = query(z.strictObject(page))
export const incidentsQuery = query(
  z.strictObject({
    all: optional(z.enum(['', 'true'], { error: 'Write ?all for closed cases, too.' })),
    subscriber: optional(customer),
    subject: optional(subject),
    inForce: optional(
      z.enum(['', 'true'], { error: 'Write ?inForce for cases with a decision in force.' }),
    ),
    ...page,
  }),
)
export const eventsQuery = query(
  z.strictObject({
    since: optional(number('Write a time in ms since 1970.', /^\d{1,16}$/, 8.64e15)),
    limit: page.limit,
  }),
)
export const refusalsQuery = query(
  z.strictObject({
    address: optional(line('Write a mail address, such as ann@example.org.', 320)),
    'message-id': optional(line('Write a Message-ID, such as <42@mail.example.org>.', 1000)),
    since: optional(number('Write a time in ms since 1970.', /^\d{1,16}$/, 8.64e15)),
    limit: page.limit,
  }),
)
export const whoQuery = query(
  z.strictObject({
    realm: optional(realm),
    address,
    port: optional(number('Write a port from 0 to 65535.', /^\d{1,5}$/, 65_535)),
    at: optional(number('Write a time in ms since 1970.', /^\d{1,16}$/, 8.64e15)),
  }),
)
export const queueQuery = query(
  z.strictObject({
    subscriber: optional(customer),
    login: optional(login),
    message: optional(id('a message')),
    state: optional(
      z.enum(['held', 'queued', 'paced'], { error: 'Write one of: held, queued, paced.' }),
    ),
    ...page,
  }),
)
const SINCE = 'Write a time in ms since 1970.'
export const auditQuery = query(
  z.strictObject({
    since: optional(number(SINCE, /^\d{1,16}$/, 8.64e15)),
    by: optional(line('Write whose orders: staff NAME, owner CUSTOMER or chore NAME.', 300)),
    order: optional(line('Write which order, such as release.', 64)),
    ...page,
  }),
)
export const leasesQuery = query(
  z.strictObject({ realm: optional(realm), address: optional(address), ...page }),
)
/** The person or program that gives an order, for the audit. */
export const orderQuery = query(
  z.strictObject({ by: optional(line('Write who gives the order.', 64)) }),
)

/** What a reload is asked. */
export const reloadAsked = query(
  z.strictObject({
    despite: optional(line('Write why what would be lost is to go, in 500 letters at most.', 500)),
    dryRun: dryRun(),
  }),
)

const STAGES = ['connect', 'helo', 'auth', 'mail', 'rcpt'] as const
const word = (advice: string) => z.string({ error: advice }).max(1000, { error: advice })

/** One step of a transaction, before the message is there. */
export const explainedStep = query(
  z.strictObject({
    session: line('Write a name for the session.', 64),
    listener: z.enum(LISTENERS, { error: `Write one of: ${LISTENERS.join(', ')}.` }),
    stage: z.enum(STAGES, { error: `Write one of: ${STAGES.join(', ')}.` }),
    at: z.number({ error: 'Write a time in ms since 1970.' }).min(0).max(8.64e15),
    client: z.strictObject(
      { realm, address, port: z.int({ error: 'Write a port.' }).min(0).max(65_535) },
      { error: 'Write realm, address and port of the client.' },
    ),
    tls: z.boolean({ error: 'Write true or false.' }),
    helo: optional(word('Write what it greets with.')),
    login: optional(login),
    sender: optional(word('Write the envelope sender; "" for a bounce.')),
    recipient: optional(word('Write the recipient.')),
    accepted: optional(z.int({ error: 'Write how many recipients were accepted before.' }).min(0)),
  }),
)
