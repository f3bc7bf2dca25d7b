// What the program around us gives a running Cordon: the clock, and where trouble inside is told. A town (`npm start`) and tests give
// other ones.

import { wordsOf } from '../model/errors.ts'
import { systemClock } from '../drivers/clock/clocks.ts'
import type { Config } from '../config/schema.ts'
import type { Event } from '../model/event.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Resolver } from '../ports/resolver.ts'
import type { Scanner } from '../ports/scanner.ts'
import type { Ending } from './scope.ts'

export type Overrides = {
  readonly clock?: Clock
  readonly scanner?: Scanner
  /** Answers the questions of rules to the DNS; not those of DKIM, DMARC and SPF. */
  readonly resolver?: Resolver
  /** Sockets that listen already, by the name or kind of their listener. */
  readonly sockets?: ReadonlyMap<string, readonly number[]>
  /**
   * Reads the configuration again, somewhere else than in this thread. What is as in the one that was agreed to before may be the same
   * object. Throws ConfigError. Without it there is no file to reload.
   */
  readonly reread?: (agreed: Config) => Config | Promise<Config>
  /** Why this configuration may lack what the last one had. */
  readonly despite?: string | undefined
  /** Told of every event, for the log. */
  readonly log?: (event: Event) => void
  /** Where trouble inside is told; standard error by default. */
  readonly trouble?: (error: unknown, about: string) => void
  /** A store that cannot be mended: the program should end, so that an operator looks. Told as trouble by default. */
  readonly broken?: (error: Error) => void
  /** Stands in front of the ledger; a test holds calls here. */
  readonly ledgerBehind?: (opened: Ledger) => Ledger
  /** Called with the name of each part before it is opened; a test throws here. */
  readonly opening?: (part: string) => void
  /** Does the work that drains or closes a part, and waits for what is late while stopping (scope.ts); a test hangs here. */
  readonly ending?: Ending
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

export type World = {
  readonly clock: Clock
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
  readonly broken: (error: Error) => void
  readonly resolver: Resolver | undefined
}

export function worldOf({
  clock = systemClock,
  trouble = toStandardError,
  broken = error => trouble(error, 'a store cannot go on'),
  resolver,
}: Overrides): World {
  return { clock, now: () => clock.now(), trouble, broken, resolver }
}

function toStandardError(error: unknown, about: string): void {
  const words = error instanceof Error ? (error.stack ?? error.message) : wordsOf(error)
  process.stderr.write(`cordon: ${about}: ${words}\n`)
}
