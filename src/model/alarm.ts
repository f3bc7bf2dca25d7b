// What the operator is told of, by mail, webhook and command: an alarm once when it begins and once when it is over.

export type Alarm = {
  /** Raised again under this id it is told no second time. */
  readonly id: string
  /** `contained`, `held`, `fuse`, `certificate` …: each has an entry in docs/alarms.md. */
  readonly alarm: string
  readonly at: number
  /** A subject, a part of Cordon, or a name of the configuration. */
  readonly about: string
  /** A sentence that can be read out on the telephone. */
  readonly words: string
  /** What was seen, the newest last. */
  readonly evidence: readonly string[]
  /** The command that undoes it, or that shows more. */
  readonly undo?: string
  readonly caseCode?: string
  /** It had been told, and is over. */
  readonly over?: true
}

/** What one channel is told at once: a single alarm, or all that came together. */
export type AlarmBatch = {
  /** The same when it is told again: a receiver that gets it twice can tell. */
  readonly id: string
  readonly at: number
  /** At most `SHOWN_OF_A_KIND` of each kind. */
  readonly alarms: readonly Alarm[]
  /** How many there are of each kind, those left out included; `fuse over` is the end of `fuse`. */
  readonly counts: Readonly<Record<string, number>>
}

export const SHOWN_OF_A_KIND = 20

/** By which alarms are counted. */
export const kindOfAlarm = ({ alarm, over }: Pick<Alarm, 'alarm' | 'over'>): string =>
  over ? `${alarm} over` : alarm
