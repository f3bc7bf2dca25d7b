// The kinds of value that stand in orders, each with its bounds and the sentence that tells what to write instead.

import { z } from 'zod'
import { subscriberFrom, type ToldSubscriber } from '../../model/feed-row.ts'
import { FLAGS, PLANS } from '../../model/subscriber.ts'
import { formatPrefix, parsePrefix, type Prefix } from '../../model/ip.ts'
import { isRealm, type Lease } from '../../model/lease.ts'
import { leasePrefix } from '../../model/lease-prefix.ts'

/** One line of text that is not empty. */
export const line = (advice: string, max: number) =>
  z
    .string({ error: advice })
    .min(1, { error: advice })
    .max(max, { error: `${advice} At most ${max} characters.` })
    .refine(value => value.trim() !== '', { error: advice })
    .refine(value => !/\p{Cc}/u.test(value), {
      error: `${advice} On one line, without control characters.`,
    })

/** The name of a record, as lists show it. */
export const id = (what: string) => line(`Write the id of ${what}.`, 64)
export const customer = line('Write a customer number.', 64)
export const login = line('Write a mail account, such as anna@example.org.', 254)
const FACTOR = 'Type the code that your program for codes shows now.'
/** Of an app on a telephone: six digits, perhaps with a space between. A customer who has none yet leaves it empty, and is told to set one up. */
export const factor = z
  .string({ error: FACTOR })
  .max(16, { error: FACTOR })
  .regex(/^[\d ]*$/, { error: FACTOR })

const SUBJECT = 'Write line:CUSTOMER or login:NAME.'
/** Whose mail it is about. */
export const mailSubject = line(SUBJECT, 261).regex(/^(?:line|login):\S/, { error: SUBJECT })

/** So many recipients that are new to the sender. */
export const peopleUpTo = (most: number) => {
  const error = `Write how many people, from 1 to ${most}.`
  return z.int({ error }).min(1, { error }).max(most, { error })
}

/** A whole number of them. */
export const hoursUpTo = (most: number) => {
  const error = `Write a number of hours, from 1 to ${most}.`
  return z.int({ error }).min(1, { error }).max(most, { error })
}

/** Milliseconds since 1970, up to the last that is a date. */
const time = (advice: string) =>
  z.number({ error: advice }).min(0, { error: advice }).max(8.64e15, { error: advice })

const PORT = 'Write the first and the last port, such as [1024, 2047].'
const port = z.int({ error: PORT }).min(0, { error: PORT }).max(65_535, { error: PORT })
const PREFIX = 'Write an address or a prefix, such as 192.0.2.7 or 2001:db8:17::/56.'

/** What a lease may be of from now on. */
const newPrefix = line(PREFIX, 64).transform((value, context) => {
  const found = leasePrefix(value)
  if ('prefix' in found) return found.prefix
  context.addIssue({ code: 'custom', message: `The prefix ${value} ${found.wrong}. ${PREFIX}` })
  return z.NEVER
})
/** An earlier Cordon may have taken a wider one, and it must come to an end. */
const anyPrefix = line(PREFIX, 64)
  .refine(value => parsePrefix(value) !== undefined, { error: PREFIX, abort: true })
  .transform(value => formatPrefix(parsePrefix(value) as Prefix))
const REALM = 'Write the address space, such as main, without spaces.'
export const realm = line(REALM, 64).refine(isRealm, { error: REALM })

const leaseOf = (prefix: z.ZodType<string>): z.ZodType<Lease> =>
  z
    .strictObject(
      {
        realm,
        prefix,
        ports: z.exactOptional(
          z
            .tuple([port, port], { error: PORT })
            .refine(([first, last]) => first <= last, { error: PORT })
            .readonly(),
        ),
        subscriber: customer,
        from: time('Write when it began, in ms since 1970.'),
        to: z.exactOptional(time('Write when it ended, in ms since 1970.')),
        session: z.exactOptional(
          z.strictObject({
            nas: line('Write the address or name of the access server.', 255),
            id: line('Write the id of the session.', 255),
            user: line('Write the user of the session.', 255),
            teller: z.exactOptional(line('Write the address of the RADIUS client.', 255)),
          }),
        ),
      },
      unlessUnknown('Write a lease: realm, prefix, subscriber, from.'),
    )
    .refine(({ from, to }) => to === undefined || to >= from, {
      path: ['to'],
      error: 'It ends before it begins.',
    })

export const lease = leaseOf(newPrefix)
export const endingLease = leaseOf(anyPrefix)

const address = line('Write a mail address, such as anna@example.org.', 320)

/** Read like a row of a feed: by the same function, so that no address has another spelling by this way in. */
export const subscriber: z.ZodType<ToldSubscriber> = z
  .strictObject(
    {
      id: customer,
      plan: z.exactOptional(z.enum(PLANS, { error: `Write one of: ${PLANS.join(', ')}.` })),
      flags: z.exactOptional(
        z.array(z.enum(FLAGS, { error: `Write some of: ${FLAGS.join(', ')}.` })).max(10),
      ),
      language: z.exactOptional(line('Write the tag of a language, such as en.', 35)),
      contacts: z.exactOptional(z.array(address).max(100)),
      logins: z.exactOptional(
        z
          .array(
            z.strictObject({
              name: login,
              addresses: z.exactOptional(z.array(address).max(1000)),
            }),
          )
          .max(1000),
      ),
    },
    unlessUnknown('Write a customer: id, plan, flags, language, contacts, logins.'),
  )
  .transform((told, context) => {
    const found = subscriberFrom(told)
    if (typeof found !== 'string') return found
    context.addIssue({ code: 'custom', message: `${found}.` })
    return z.NEVER
  })

/** `advice` for what is no object at all; an unknown field has a sentence of its own (problem.ts). */
function unlessUnknown(advice: string) {
  return {
    error: (issue: { readonly code?: string }) =>
      issue.code === 'invalid_type' ? advice : undefined,
  }
}

/** Nothing is done; the answer says which lines would open or close. */
export const dryRun = () => z.exactOptional(z.boolean({ error: 'Write true or false.' }))
