// What a population is made of, read from a file outside the program: kinds of people, of bots and of crowds with their rates, and filters.

import { parse } from 'yaml'
import { z } from 'zod'
import { wholeFileNow } from '../../wire/whole-file.ts'

const share = z.number().min(0).max(1)
const count = z.number().int().min(1)
const mailing = z.strictObject({
  everyDays: count,
  onDay: z.number().int().min(0),
  recipients: count.max(10_000),
  perMessage: count.max(1000),
  gone: share,
  gapSeconds: z.number().positive(),
  /** The same people each time, or new ones. */
  sameList: z.boolean(),
  hour: z.number().min(0).max(23),
  /** Its owner says in the portal that it comes, whenever it goes to new people. */
  announced: z.boolean().default(false),
})
/** The login is used away from its own line. */
const away = z.strictObject({
  /** Of the mail, at random. */
  share,
  addresses: count,
  /** AS or countries; the addresses are spread over them. */
  networks: count,
  /** Only on journeys: so many days, every so many days, each stay in other networks. */
  journeys: z
    .strictObject({ everyDays: count, days: count, stayDays: z.number().positive() })
    .optional(),
})
/** What it may have at most, behind the first owner and with the first filter: median and 95th percentile. */
const reaches = z.strictObject({
  beforeFirstWait: z.tuple([z.number(), z.number()]).optional(),
  reached: z.tuple([z.number(), z.number()]).optional(),
})
const person = z.strictObject({
  source: z.string(),
  plan: z.enum(['person', 'business']).default('person'),
  perDay: z.number().positive().max(1000),
  friends: count.max(10_000),
  toStrangers: share,
  mailing: mailing.optional(),
  /** Mailings of chance, as four people of ten have them: twice or twelve times a year. */
  chanceMailings: z.boolean().default(false),
  away: away.optional(),
  /** A year, at most. */
  must: z
    .strictObject({ cleanWaits: z.number().optional(), returned: z.number().optional() })
    .optional(),
})
const bot = z.strictObject({
  source: z.string(),
  perHour: z.number().positive().max(10_000),
  recipients: z.number().int().min(0).max(1000),
  /** Of its owner's correspondents, in each message besides. */
  knownRecipients: z.number().int().min(0).max(1000).default(0),
  /** From 8 to 21 o'clock only. */
  byDay: z.boolean().default(false),
  /** It begins at the next time the clock shows this hour. */
  atHour: z.number().min(0).max(23).optional(),
  /** The filter sees it as it sees clean mail. */
  blind: z.boolean().default(false),
  /** A stolen password, used from one foreign network or from another one for each message; else the owner's machine. */
  stolen: z.enum(['one-network', 'each-another']).optional(),
  /** So many days at another pace, by day, before it begins in earnest. */
  patience: z
    .strictObject({ days: z.number().positive(), perHour: z.number().positive() })
    .optional(),
  /** So many people send something first, and the spam goes to them; it passes DMARC and the filter or not. */
  inboundFirst: z.strictObject({ people: count.max(10_000), passes: z.boolean() }).optional(),
  /** Of its mail, refused as spam by any server. */
  refusedShare: share.default(0),
  /** To our own exchangers, whose answers say nothing. */
  ownExchangers: z.boolean().default(false),
  most: count.max(100_000),
  must: reaches.optional(),
})
/** Many stolen logins at one foreign address. */
const crowd = z.strictObject({
  source: z.string(),
  logins: count.max(2000),
  /** Spam of all together, so many seconds apart. */
  mails: count.max(100_000),
  gapSeconds: z.number().positive(),
  /** First so many days with a clean message a login, and spam after so many. */
  patience: z
    .strictObject({ to: z.enum(['strangers', 'known']), days: count, spamAfterDays: z.number() })
    .optional(),
  must: reaches.optional(),
})
const population = z.strictObject({
  filters: z.record(
    z.string(),
    z.strictObject({ spam: share.optional(), clean: share.optional() }),
  ),
  bought: z.strictObject({ gone: share, refuses: share }),
  /** Of recipients that were reached and did not know the sender: those who complain. */
  complain: z.strictObject({ ofSpam: share, ofClean: share }),
  /** Behind whom the bots are. */
  owners: z.record(z.string(), person),
  people: z.record(z.string(), person),
  bots: z.record(z.string(), bot),
  crowds: z.record(z.string(), crowd),
})

export type Population = z.infer<typeof population>
export type PersonRates = z.infer<typeof person>
export type AwayRates = z.infer<typeof away>
export type BotRates = z.infer<typeof bot>
export type CrowdRates = z.infer<typeof crowd>
/** Shares of spam and clean mail judged spam; neither: content is not looked at. */
export type FilterRates = Population['filters'][string]

export const readPopulation = (path: string): Population =>
  population.parse(parse(wholeFileNow(path).bytes.toString('utf8')))
