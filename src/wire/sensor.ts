// What every sensor is: an entry of the list in src/app/sensor-list.ts. It says what it reads of the configuration, what it is called, and
// how it is opened. Sensors tell; they ask only which subscriber has which address, and whether a password is one of ours.

import type { Lease } from '../model/lease.ts'
import type { Subscriber } from '../model/subscriber.ts'
import type { Engine } from '../ports/engine.ts'
import type { Leases, MoveLeases } from '../ports/leases.ts'
import type { MailHeard } from '../ports/mail-heard.ts'
import type { Records } from '../ports/records.ts'
import type { NetworkStatus } from '../ports/reading.ts'
import type { TellerClocks, TellerKind } from './teller-clocks.ts'

/** What the program gives a sensor; each sensor takes what it needs of it. */
export type SensorParts = {
  readonly report: Engine['report']
  readonly moveLeases: MoveLeases
  readonly leases: Pick<Leases, 'holderAt' | 'standing' | 'begunSince' | 'within' | 'around'> & {
    /** Leases that were open before. */
    all(): Iterable<Lease>
    /** Later questions hear that a lease for which this is true may be over. */
    doubt(isDoubtful: (lease: Lease) => boolean): void
  }
  /** What has a stamp on it is put into our time by the clock of its teller. */
  readonly clocks: TellerClocks
  /** When tellers were heard last, also before a restart. */
  readonly heard: {
    last(kind: TellerKind, name: string): number | undefined
    note(kind: TellerKind, name: string, at: number): void
    /** When an access server began anew last. */
    anew(kind: TellerKind, name: string): number | undefined
    noteAnew(kind: TellerKind, name: string, at: number): void
    /** Which of several that tell of an access server did so first. */
    first(kind: TellerKind, name: string): string | undefined
    noteFirst(kind: TellerKind, name: string, teller: string): void
  }
  readonly subscribers: {
    get(id: string): Pick<Subscriber, 'id'> | undefined
    byLogin(login: string): Pick<Subscriber, 'id'> | undefined
  }
  /** Whether this is a login of ours with its right password; few are looked at. */
  readonly isOwnPassword: (login: string, password: string) => Promise<boolean>
  /** What the log of a mail server says of messages; undefined where none is configured. */
  readonly mailHeard: MailHeard | undefined
  /** Records of a kind that the sensor keeps for itself. */
  recordsOf<T extends { readonly id: string }>(kind: string): Promise<Records<T>>
  readonly now: () => number
  /** A problem inside, for the log. */
  readonly trouble: (error: unknown, about: string) => void
}

/** A counter for monitoring: `cordon_METRIC_total`, by what became of what was heard. Several sensors may share one, under labels. */
export type Counted = {
  readonly metric: string
  readonly help: string
  /** The label that tells the counts apart. */
  readonly by: string
  readonly labels?: Readonly<Record<string, string>>
  readonly counts: Readonly<Record<string, number>>
}

/** Shared by all that read logs, under the label `log`. */
export const LOG_LINES = {
  metric: 'log_lines',
  help: 'Log lines read from routers and NATs, by result',
  by: 'result',
} as const

/** Something that an operator has to look at. */
export type Worry = { readonly what: string; readonly about: string; readonly words: string }

export type OpenSensor = {
  /** One line for each place where it listens, or for what it follows. */
  readonly places: readonly { readonly port?: number; readonly status: string }[]
  readonly counted?: Counted | readonly Counted[]
  /** What staff should know of it, for `cordon network status`. */
  readonly worries?: () => readonly Worry[]
  /** Exporters of flow records as they stand. */
  readonly exporters?: () => NetworkStatus['exporters']
  /** Whether what goes out of lines is seen now: a teller is connected, or something has come since this was asked last. */
  isWatching?(): boolean
  close(): void | Promise<void>
}

/** `C`: what it reads of the configuration, all of which takes effect after a restart; `S`: what it is opened with. */
export interface Sensor<C, S> {
  /** Short, in kebab case: as it is called in `Place`. */
  readonly name: string
  /** What it is called where it cannot be opened, or does not close. */
  readonly part: string
  readonly reads: { readonly [K in keyof C]-?: 'restart' }
  /** Undefined where the configuration names none. */
  settings(config: C): S | undefined
  /** Resolves when it hears. */
  open(settings: S, parts: SensorParts): OpenSensor | Promise<OpenSensor>
}
