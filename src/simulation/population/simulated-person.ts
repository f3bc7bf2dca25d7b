// The mail of one simulated person, day by day. Errors of the filter come in runs: people differ in how often they are misjudged, a topic is
// taken for spam for days, and servers elsewhere refuse a person for days.

import { DAY, HOUR, MINUTE, SECOND } from '../../model/duration.ts'
import { awayFrom } from './away-from.ts'
import { chanceMailings } from './chance-mailings.ts'
import { normal, poisson } from './draws.ts'
import type { FilterRates, PersonRates } from './population-file.ts'
import type { Random } from './random.ts'
import type { SimulatedMail, SimulatedRecipient, Strangers } from './simulated-mail.ts'

/** Days between two topics that the filter takes for spam, and between two times of being refused, of a middling person. [est] */
const TOPIC_EVERY = 250
const REFUSED_EVERY = 1500
const REFUSED_ORDINARILY = 1e-4

export type SimulatedPerson = {
  readonly friends: readonly SimulatedRecipient[]
  /** In order of time. */
  day(day: number): SimulatedMail[]
}

type Made = {
  readonly chance: Random
  readonly stranger: Strangers
  readonly from: number
  /** Errors of filters and of servers, and dead addresses: so many times those of the file. */
  readonly errors?: number
}

export function simulatedPerson(
  rates: PersonRates,
  filter: FilterRates,
  { chance, stranger, from, errors = 1 }: Made,
): SimulatedPerson {
  const friends = Array.from({ length: rates.friends }, () => stranger(0.01 * errors, 0))
  const ofFilter = (filter.clean ?? 0) * errors
  const misjudged = Math.min(0.4, ofFilter * 0.6 * Math.exp(normal(chance) * 0.9))
  const newTopic = Math.min(1 / 10, (errors * Math.exp(normal(chance) * 1.1)) / TOPIC_EVERY)
  const newRefusals = Math.min(1 / 20, (errors * Math.exp(normal(chance))) / REFUSED_EVERY)
  const toStrangers = rates.toStrangers * Math.exp(normal(chance) * 0.5) * 0.88
  let topic = { until: 0, share: 0, rate: 0 }
  let refused = { until: 0, share: 0 }
  const away = awayFrom(rates.away, chance.fork('away'), from)
  const ofChance = rates.chanceMailings
    ? chanceMailings(chance.fork('mailings'), stranger, filter, errors)
    : undefined
  let list: SimulatedRecipient[] = []
  let later: SimulatedMail[] = []

  const judged = (at: number): SimulatedMail['judged'] => {
    if (filter.clean === undefined) return 'unseen'
    const inTopic = at < topic.until && chance.chance(topic.share)
    return chance.chance(inTopic ? Math.max(misjudged, topic.rate) : misjudged) ? 'spam' : 'clean'
  }
  const write = (at: number, people: readonly SimulatedRecipient[]): SimulatedMail => ({
    at,
    kind: 'out',
    owner: 1,
    away: away(at),
    people,
    judged: judged(at),
    byBot: false,
    refusedShare: at < refused.until ? refused.share : REFUSED_ORDINARILY,
    passed: true,
  })
  const comesIn = (at: number, who: SimulatedRecipient): SimulatedMail => ({
    ...write(at, [who]),
    kind: 'in',
    passed: chance.chance(0.9),
  })
  const toStranger = (at: number): SimulatedMail[] => {
    const who = stranger(0.02 * errors, 0)
    const mail = [write(at, [who])]
    if (who.gone || !chance.chance(0.5)) return mail
    let then = at
    for (let left = 1 + chance.below(4); left > 0; left--) {
      then += 10 * MINUTE + chance.next() * 8 * HOUR
      if (chance.chance(0.7)) mail.push(comesIn(then - 5 * MINUTE, who))
      mail.push(write(then, [who]))
    }
    return mail
  }
  const toFriend = (at: number): SimulatedMail[] => {
    const friend = chance.pick(friends)
    const others = chance.chance(0.05) ? [chance.pick(friends), chance.pick(friends)] : []
    const before = chance.chance(0.5) ? [comesIn(at - chance.next() * 3 * HOUR, friend)] : []
    return [...before, write(at, [friend, ...others])]
  }
  const mailing = (day: number): SimulatedMail[] => {
    const { mailing: one } = rates
    if (!one || day % one.everyDays !== one.onDay) return []
    const isNew = !one.sameList || list.length === 0
    if (isNew)
      list = Array.from({ length: one.recipients }, () =>
        stranger(Math.min(1, one.gone * errors), 0),
      )
    let at = from + day * DAY + (one.hour + chance.next()) * HOUR
    const mail: SimulatedMail[] =
      one.announced && isNew ? [{ ...write(at - MINUTE, list), kind: 'announced' }] : []
    for (let i = 0; i < list.length; i += one.perMessage) {
      mail.push(write(at, list.slice(i, i + one.perMessage)))
      at += one.gapSeconds * SECOND * (0.5 + chance.next())
    }
    return mail
  }
  return {
    friends,
    day: day => {
      const begins = from + day * DAY
      if (begins > topic.until && chance.chance(newTopic)) topic = newTopicFrom(begins, chance)
      if (begins > refused.until && chance.chance(newRefusals))
        refused = {
          until: begins + (1 + 4 * chance.next()) * DAY,
          share: 1 - chance.next() ** (1 / 4),
        }
      const all = later
      for (let left = poisson(chance, rates.perDay); left > 0; left--) {
        const at = begins + (7 + 15 * chance.next()) * HOUR
        all.push(...(chance.chance(toStrangers) ? toStranger(at) : toFriend(at)))
      }
      all.push(...mailing(day))
      for (const one of ofChance?.(begins) ?? [])
        all.push({ ...write(one.at, one.but.people), ...one.but })
      later = all.filter(({ at }) => at >= begins + DAY)
      return all.filter(({ at }) => at < begins + DAY).toSorted((a, b) => a.at - b.at)
    },
  }
}

/** A topic of up to two weeks, in some share of the mail (beta 1, 2), most of which is misjudged (beta 2, 1). [est] */
const newTopicFrom = (at: number, chance: Random) => ({
  until: at + (1 + 13 * chance.next() ** 2) * DAY,
  share: 1 - Math.sqrt(1 - chance.next()),
  rate: Math.sqrt(chance.next()),
})
