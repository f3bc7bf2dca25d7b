// The lifetime of everything Cordon opens. What is opened is registered with what ends it; a failed start ends whatever stands, in the
// opposite order, and then says which part failed. Stopping has two phases: all parts drain at once, within the drain time; then they
// are closed one by one, in the opposite order of opening. It knows nothing of what the parts do.

import { ConfigError, StartError } from '../model/errors.ts'
import { sentenceOf } from './sentence-of.ts'

/** The function that ends a part. Each is called once. */
export type Ends<T> = {
  /** Takes nothing new, and resolves when what is under way has ended or `graceMs` have passed. */
  readonly drain?: (opened: T, graceMs: number) => Promise<unknown>
  /** Gives back files, sockets, threads and timers. */
  readonly close?: (opened: T) => void | Promise<unknown>
}

export type Scope = {
  /** Opens a part and registers its ends. Throws StartError with the part's name, or the ConfigError of the part. */
  open<T>(part: string, open: () => T | Promise<T>, ends?: Ends<T>): Promise<T>
}

export type OwnedScope = Scope & {
  /** Drains, then closes. Resolves with the parts that did not end in time or threw; they are left behind. */
  stop(graceMs: number): Promise<readonly string[]>
}

export type ScopeOptions = {
  readonly trouble: (error: unknown, about: string) => void
  /** Called with the name of each part before it is opened; a test throws here. */
  readonly opening?: ((part: string) => void) | undefined
  /** Does the work that drains or closes a part; a test hangs here. */
  readonly ending?: Ending | undefined
  /** Resolves after so many ms; the timer must not keep the process alive once `signal` is aborted. */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined
}

export type Ending = (part: string, phase: 'drain' | 'close', work: () => unknown) => unknown

/** A part that does not close within this is left behind, so that the others are closed: a stuck disk must not keep a socket open. */
export const CLOSE_LIMIT = 5000
/** All parts together may be late by this much: a service manager that stops us kills what takes much longer. */
export const LATE_IN_ALL = 15_000
/** The time that each part has to close when the other parts have used up `LATE_IN_ALL`. */
const AT_LEAST = 100
/** A drain that does not keep its own time is left after this much more. */
export const DRAIN_SLACK = 500

/** Parts that close when the time of all is used up get `AT_LEAST` each; there are some fifty. */
const FOR_THE_REST = 10_000

/** The longest that a stop takes, in ms, with so much of it to drain. */
export const stopsWithin = (graceMs: number): number =>
  graceMs + DRAIN_SLACK + LATE_IN_ALL + FOR_THE_REST

type Registered = {
  readonly part: string
  readonly drain: ((graceMs: number) => Promise<unknown>) | undefined
  readonly close: (() => unknown) | undefined
}

export function createScope(options: ScopeOptions): OwnedScope {
  const { trouble, opening = () => undefined, wait = waitFor } = options
  const { ending = (_part, _phase, work) => work() } = options
  const standing: Registered[] = []

  /** Resolves with how its work ended; `late` when it goes on, and is not waited for any more. */
  async function ended(part: string, ms: number, work: () => unknown): Promise<Ended> {
    const late = new AbortController()
    const outcome = await Promise.race([
      Promise.try(work).then(
        () => 'done' as const,
        error => {
          trouble(error, `closing ${part}`)
          return 'failed' as const
        },
      ),
      wait(ms, late.signal).then(() => 'late' as const),
    ])
    late.abort()
    if (outcome === 'late') trouble(new Error(`${part} did not end within ${ms} ms`), 'stopping')
    return outcome
  }

  return {
    open: async (part, open, ends = {}) => {
      try {
        opening(part)
        const opened = await open()
        standing.push({
          part,
          drain: ends.drain && (graceMs => (ends.drain as Drain<typeof opened>)(opened, graceMs)),
          close: ends.close && ((): unknown => ends.close?.(opened)),
        })
        return opened
      } catch (error) {
        // A mistake of the configuration names its own place, and another part may have been opened inside of this one.
        if (error instanceof ConfigError || error instanceof StartError) throw error
        throw new StartError(part, sentenceOf(error), { cause: error })
      }
    },
    stop: async graceMs => {
      const parts = standing.splice(0).reverse()
      const left = new Set<string>()
      await Promise.all(
        parts.map(async ({ part, drain }) => {
          if (!drain) return
          const work = () => ending(part, 'drain', () => drain(graceMs))
          if ((await ended(part, graceMs + DRAIN_SLACK, work)) !== 'done') left.add(part)
        }),
      )
      let patience = LATE_IN_ALL
      for (const { part, close } of parts) {
        if (!close) continue
        const limit = Math.min(CLOSE_LIMIT, Math.max(AT_LEAST, patience))
        const outcome = await ended(part, limit, () => ending(part, 'close', close))
        if (outcome === 'late') patience -= limit
        if (outcome !== 'done') left.add(part)
      }
      return [...left]
    },
  }
}

type Ended = 'done' | 'failed' | 'late'
type Drain<T> = NonNullable<Ends<T>['drain']>

/** Opens everything in a scope of its own: all of it stands, or nothing does. */
export async function inScope<T>(
  options: ScopeOptions,
  open: (scope: OwnedScope) => Promise<T>,
): Promise<T> {
  const scope = createScope(options)
  try {
    return await open(scope)
  } catch (error) {
    await scope.stop(0)
    throw error
  }
}

function waitFor(ms: number, signal: AbortSignal): Promise<unknown> {
  return new Promise<void>(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
