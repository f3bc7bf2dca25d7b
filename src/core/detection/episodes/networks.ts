// The networks (AS or country, never a /24) from which a login sends: which are known, how much it roams, what a new one says, and from which
// it is refused. A network is known after days on which its mail got replies or proper answers, never by mere use.

import { DAY } from '../../../model/duration.ts'
import { MOST_NETWORKS, type Network, type SubjectRecord } from './state.ts'
import {
  type Beta,
  KNOWN_AFTER_DAYS,
  KNOWN_BELOW,
  MOST_NETWORKS_A_DAY,
  NEW_NETWORKS,
  NO_NEWS_AFTER,
  ROAMER_FREE,
  ROAMING_DAYS,
  ROAMING_LEAST,
  ROAMING_MOST,
  ROAMING_NOW_MOST,
  ROAMING_STAYS,
  ROAMING_STEP,
  ROAMS,
  THIEF_ROAMS,
} from './tables.ts'
import { addNats } from './weigh-episode.ts'

const dayOf = (at: number): number => Math.floor(at / DAY)

function slotOf({ networks }: SubjectRecord, hash: number): Network | undefined {
  for (const one of networks) if (one.hash === hash) return one
  return undefined
}

/** Mail from it is not from one of the login's own networks. */
export const isFresh = (record: SubjectRecord, hash: number): boolean =>
  slotOf(record, hash)?.known !== true

/** A message came from there: what that says of the login. */
export function seenFrom(draft: SubjectRecord, hash: number, at: number): void {
  const day = dayOf(at)
  const before = slotOf(draft, hash)
  nextDay(draft, day)
  const isNew = before === undefined
  const isNews = isNew || before.known || day - before.first > NO_NEWS_AFTER / DAY
  const wasToday = before?.last === day
  put(draft, { ...(before ?? unseen(hash, day)), last: day })
  const { numbers } = draft
  if (wasToday || !isNews || numbers.networksToday >= MOST_NETWORKS_A_DAY) return
  numbers.networksToday++
  if (isNew) numbers.newToday++
  const free = numbers.roamingPrior > ROAMS ? ROAMER_FREE : 0
  const says = strangeHands(numbers.newToday, numbers.networksToday, numbers.roamingNow) - free
  if (says <= numbers.networkNats) return
  addNats(draft, 'authentication', says - numbers.networkNats)
  numbers.networkNats = says
}

/** A message from a fresh network was judged spam. */
export function spamFrom(draft: SubjectRecord, hash: number): void {
  const slot = slotOf(draft, hash)
  if (slot) put(draft, { ...slot, spam: Math.min(255, slot.spam + 1) })
}

/** Mail from there got a reply, or a proper answer from people that the login knows: once a day that is a step towards being known. */
export function properFrom(draft: SubjectRecord, hash: number, at: number): void {
  const slot = slotOf(draft, hash)
  if (!slot || slot.known || slot.properLast === dayOf(at)) return
  const properDays = slot.properDays + 1
  const known = properDays >= KNOWN_AFTER_DAYS && draft.numbers.sum < KNOWN_BELOW
  put(draft, { ...slot, properDays: Math.min(255, properDays), properLast: dayOf(at), known })
}

/** By the owner's word: those of the last two days are theirs, and none is refused. */
export function ownNetworks(draft: SubjectRecord, at: number): void {
  draft.networks = draft.networks.map(one => ({
    ...one,
    known: one.known || dayOf(at) - one.first < NO_NEWS_AFTER / DAY,
    refused: false,
    spam: 0,
  }))
}

export function forgiveNetworks(draft: SubjectRecord): void {
  draft.networks = draft.networks.map(one => ({ ...one, refused: false, spam: 0 }))
}

const unseen = (hash: number, day: number): Network => ({
  hash,
  first: day,
  last: day,
  properLast: 0,
  properDays: 0,
  known: false,
  refused: false,
  spam: 0,
})

/** First in the list; too many: of those that are neither known nor refused the one not used for longest goes, else of all. */
function put(draft: SubjectRecord, network: Network): void {
  const others = draft.networks.filter(one => one.hash !== network.hash)
  if (others.length >= MOST_NETWORKS) {
    const strange = others.findLastIndex(one => !one.known && !one.refused)
    others.splice(strange < 0 ? others.length - 1 : strange, 1)
  }
  draft.networks = [network, ...others]
}

/** Once a day: how much the login roams is learned from the last day on which it was seen. */
function nextDay({ numbers }: SubjectRecord, day: number): void {
  if (day === numbers.networkDay) return
  const { networksToday, newToday, networkDay } = numbers
  const roamed =
    networksToday > 0 ? roaming(newToday, networksToday, numbers.roamingNow) : undefined
  if (networkDay > 0 && roamed !== undefined)
    numbers.roamingPrior = Math.min(
      ROAMING_MOST,
      Math.max(ROAMING_LEAST, numbers.roamingPrior * (1 - ROAMING_STEP) + ROAMING_STEP * roamed),
    )
  const stays = ROAMING_STAYS * Math.exp(-Math.max(0, day - networkDay - 1) / ROAMING_DAYS)
  numbers.roamingNow = Math.min(
    ROAMING_NOW_MOST,
    Math.max(numbers.roamingPrior, stays * (roamed ?? numbers.roamingPrior)),
  )
  numbers.networkDay = day
  numbers.networksToday = 0
  numbers.newToday = 0
  numbers.networkNats = 0
}

/** How likely the owner roamed on a day with so many new networks of so many. */
function roaming(fresh: number, all: number, now: number): number {
  const roams = now * chance(fresh, all, NEW_NETWORKS.roaming)
  return roams / (roams + (1 - now) * chance(fresh, all, NEW_NETWORKS.home))
}

/** Nats: a thief, against an owner who roams or does not. */
function strangeHands(fresh: number, all: number, now: number): number {
  const thief =
    THIEF_ROAMS * chance(fresh, all, NEW_NETWORKS.thief) +
    (1 - THIEF_ROAMS) * chance(fresh, all, NEW_NETWORKS.quietThief)
  const owner =
    now * chance(fresh, all, NEW_NETWORKS.roaming) +
    (1 - now) * chance(fresh, all, NEW_NETWORKS.home)
  return Math.max(0, Math.log(thief / owner))
}

/** Beta-binomial, in a given order. */
function chance(hits: number, trials: number, [a, b]: Beta): number {
  let product = 1
  for (let i = 0; i < hits; i++) product *= (a + i) / (a + b + i)
  for (let i = 0; i < trials - hits; i++) product *= (b + i) / (a + b + hits + i)
  return product
}
