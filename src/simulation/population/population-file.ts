// What a population is made of, read from a file outside the program: kinds of people and of bots with their rates, and filters.

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const share = z.number().min(0).max(1)
const mailing = z.strictObject({
  everyDays: z.number().int().min(1),
  onDay: z.number().int().min(0),
  recipients: z.number().int().min(1).max(10_000),
  perMessage: z.number().int().min(1).max(1000),
  gone: share,
  gapSeconds: z.number().positive(),
  /** The same people each time, or new ones. */
  sameList: z.boolean(),
  hour: z.number().min(0).max(23),
})
const person = z.strictObject({
  source: z.string(),
  perDay: z.number().positive().max(1000),
  friends: z.number().int().min(1).max(10_000),
  toStrangers: share,
  mailing: mailing.optional(),
})
const bot = z.strictObject({
  source: z.string(),
  perHour: z.number().positive().max(10_000),
  recipients: z.number().int().min(1).max(1000),
  to: z.enum(['bought', 'known']),
  /** Of its mail, refused as spam whoever it is for. */
  refusedShare: share.default(0),
  most: z.number().int().min(1).max(100_000),
})
const population = z.strictObject({
  filters: z.record(
    z.string(),
    z.strictObject({ spam: share.optional(), clean: share.optional() }),
  ),
  bought: z.strictObject({ gone: share, refuses: share }),
  people: z.record(z.string(), person),
  bots: z.record(z.string(), bot),
})

export type Population = z.infer<typeof population>
export type PersonRates = z.infer<typeof person>
export type BotRates = z.infer<typeof bot>
/** Shares of spam and clean mail judged spam; neither: nobody looks at content. */
export type FilterRates = Population['filters'][string]

export const readPopulation = (path: string): Population =>
  population.parse(parse(readFileSync(path, 'utf8')))
