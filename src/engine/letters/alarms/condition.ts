// Something that an operator is told of for as long as it is so: an entry of the list in conditions.ts. It is looked for again and again,
// so that a crash loses nothing; it is told once when it begins, and once when it has not been seen for a while.

import type { Counters } from '../../../ports/counters.ts'
import type { QueueTotal } from '../../../ports/spool.ts'

/** What conditions look at; each names what it takes of it. */
export type ConditionSources = {
  /** How many customers there are. */
  readonly customers: () => number
  readonly counters: Pick<Counters, 'apply'>
  /** Stores that do not work, in words. */
  readonly problems: () => Promise<readonly string[]>
  /** Bytes of the file system of the data folder. */
  readonly room: () => Promise<{ readonly free: number; readonly all: number }>
  /** What an operator has to look at of the network. */
  readonly worries: () => readonly SensorWorry[]
  /** When each was heard last. */
  readonly tellers: () => readonly SilentTeller[]
  readonly certificates: () => readonly { readonly name: string; readonly to: number }[]
  /** Now as clients see it, however fast the clock of this Cordon goes. */
  readonly clientsNow: () => number
  readonly queue: () => Promise<readonly QueueTotal[]>
  /** Recipients that may wait for delivery. */
  readonly queueLimit: () => number
  /** Alarms among the events, as heard last. */
  readonly raised: () => readonly RaisedAlarm[]
}

export type SensorWorry = { readonly what: string; readonly about: string; readonly words: string }
export type SilentTeller = {
  readonly kind: string
  readonly name: string
  readonly heardAt: number
}
export type RaisedAlarm = {
  readonly alarm: string
  readonly about: string
  readonly words: string
  readonly at: number
}

/** One that is so now. */
export type ConditionSeen = {
  /** Of these there is one alarm each. */
  readonly about: string
  readonly words: string
  readonly evidence?: readonly string[]
  readonly undo?: string
  /** Its name, where one entry of the list stands for several. */
  readonly alarm?: string
}

export type Condition<P = ConditionSources> = {
  readonly name: string
  /** ms: it is over when it was not seen for so long. */
  readonly quietFor: number
  readonly look: (sources: P, at: number) => Promise<readonly ConditionSeen[]>
}
