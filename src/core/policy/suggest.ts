// Limits from what people really do: of each plan, what all but one subscriber in a thousand never went over in their busiest
// hour or day, and a half more. A subscriber that was contained meanwhile does not count: a bot must not set the limits.

import { DAY, HOUR } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'
import type { Plan } from '../../model/subscriber.ts'
import type { Limits } from './limits.ts'

/** The busiest hours and days of one sender. */
export type Busiest = { -readonly [K in keyof Limits]: number }

export type Suggestion = {
  readonly limits: Limits
  readonly senders: number
  /** Of them, those who went over it. */
  readonly over: number
}

const SHARE = 0.999
const ROOM = 1.5
/** A customer must not meet a limit for writing to a handful of people. */
const LEAST: Limits = {
  messagesPerHour: 20,
  recipientsPerHour: 50,
  recipientsPerDay: 200,
  firstTimePerDay: 30,
}
const NAMES = Object.keys(LEAST) as (keyof Limits)[]

type Slot = {
  readonly hour: number
  readonly day: number
  readonly hourly: [number, number]
  readonly daily: [number, number]
}

/** Adds up messages, which come in order of time, sender by sender. */
export class Usage {
  readonly #slots = new Map<string, Slot>()
  readonly busiest = new Map<string, Busiest>()

  add(sender: string, { at, facts }: Pick<EventOf<'tx-commit'>, 'at' | 'facts'>): void {
    const [hour, day] = [Math.floor(at / HOUR), Math.floor(at / DAY)]
    const before = this.#slots.get(sender)
    const hourly: [number, number] = before?.hour === hour ? before.hourly : [0, 0]
    const daily: [number, number] = before?.day === day ? before.daily : [0, 0]
    hourly[0]++
    hourly[1] += facts.recipients
    daily[0] += facts.recipients
    daily[1] += facts.firstTime
    this.#slots.set(sender, { hour, day, hourly, daily })
    const most = this.busiest.get(sender) ?? {
      messagesPerHour: 0,
      recipientsPerHour: 0,
      recipientsPerDay: 0,
      firstTimePerDay: 0,
    }
    most.messagesPerHour = Math.max(most.messagesPerHour, hourly[0])
    most.recipientsPerHour = Math.max(most.recipientsPerHour, hourly[1])
    most.recipientsPerDay = Math.max(most.recipientsPerDay, daily[0])
    most.firstTimePerDay = Math.max(most.firstTimePerDay, daily[1])
    this.busiest.set(sender, most)
  }
}

/** One suggestion for each plan that has senders. */
export function suggestLimits(
  busiest: ReadonlyMap<string, Busiest>,
  planOf: (sender: string) => Plan,
): ReadonlyMap<Plan, Suggestion> {
  const plans = Map.groupBy(busiest, ([sender]) => planOf(sender))
  return new Map(
    [...plans].map(
      ([plan, senders]) => [plan, suggestion(senders.map(([, most]) => most))] as const,
    ),
  )
}

function suggestion(all: readonly Busiest[]): Suggestion {
  const limits = Object.fromEntries(
    NAMES.map(name => [
      name,
      Math.max(LEAST[name], rounded(percentile(all.map(one => one[name])) * ROOM)),
    ]),
  ) as Limits
  const over = all.filter(one => NAMES.some(name => one[name] > limits[name])).length
  return { limits, senders: all.length, over }
}

function percentile(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(SHARE * sorted.length) - 1)] ?? 0
}

/** To two digits, upwards: a limit of 1,237 would look more exact than it is. */
function rounded(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1)
  return Math.ceil(value / unit) * unit
}
