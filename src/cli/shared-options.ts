// What every command that talks to a running Cordon takes, and how it says what went wrong.

import type { Command } from 'commander'
import { sentenceOf } from '../app/sentence-of.ts'
import { HOUR, MINUTE, parseDuration } from '../model/duration.ts'
import type { OrderOutcome } from '../model/order.ts'
import { parseTime, TIME_ADVICE } from '../model/time.ts'
import type { ControlOptions } from './control-client.ts'
import { EXIT, UsageError } from './failures.ts'
import { USUAL_DATA } from './usual-places.ts'
import { inJson, sayFailed, sayJson, sayThrown } from './in-json.ts'

export const dataOption = (command: Command): Command =>
  command.option('--data <folder>', `data folder of the running Cordon; ${USUAL_DATA}`)

export const controlOptions = (command: Command): Command =>
  dataOption(command).option('--json', JSON_ABOUT)

export const JSON_ABOUT = 'print JSON, for programs'
export const DRY_RUN = 'do nothing; say which lines would open or close'

/** A span of time in ms, such as that of `--since 7d`. Throws a sentence when it is none. */
export function spanOf(text: string): number {
  const span = parseDuration(text)
  if (span === undefined) throw new UsageError(`${text} is no duration. Write 24h, or 7d.`)
  return span
}

/** The moment that such an option names, in ms since 1970. Throws a sentence when it is none. */
export function timeOf(option: string, text: string): number {
  const at = parseTime(text)
  if (at === undefined)
    throw new UsageError(`${option}: ${JSON.stringify(text)} is no time; ${TIME_ADVICE}.`)
  return at
}

/** As with the order. */
const SHORTEST = 6 * MINUTE

/** "48", or a span such as "2d", in hours. */
export function hoursOf(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text)
  const span = parseDuration(text)
  if (span === undefined)
    throw new UsageError(
      `--hours: ${text} is no span of time. Write hours, such as 48, or 30m or 2d.`,
    )
  if (span < SHORTEST) throw new UsageError(`--hours: ${text} is too short. Write at least 6m.`)
  return span / HOUR
}

export function numberOf(option: string, text: string): number {
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw new UsageError(`${option}: ${text} is no number.`)
  return Number(text)
}

/** Runs an action; a failure is one sentence and the exit code for its kind. */
export function sayingWhy<A extends unknown[]>(
  action: (...args: A) => Promise<void>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args)
    } catch (error) {
      const words = isOfSystem(error) ? sentenceOf(error) : (error as Error).message
      sayThrown(inJson(args), error, words)
    }
  }
}

/** Whether the error says that a file from the command line cannot be read. */
const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && 'path' in error

/** Adds the file's path to an error of reading it: an error of reading a folder has no path. */
export async function ofFile<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw error instanceof Error && 'code' in error ? Object.assign(error, { path }) : error
  }
}

/** As a line for people, or as JSON. */
export function sayOutcome({ json }: ControlOptions, outcome: OrderOutcome): void {
  if (!outcome.done) sayFailed(json === true, outcome.text, EXIT.notSo)
  else if (json) sayJson(outcome)
  else console.log(outcome.text)
}

/** Gives one order after the other, until one is refused; their outcomes are one answer. */
export async function sayOutcomes<T>(
  options: ControlOptions,
  given: readonly T[],
  give: (one: T) => Promise<OrderOutcome>,
): Promise<void> {
  const texts: string[] = []
  let done = true
  for (const one of given) {
    const outcome = await give(one)
    texts.push(outcome.text)
    done = outcome.done
    if (!done) break
  }
  // Where there is nothing to do, only JSON says that it is done.
  if (texts.length > 0 || options.json) sayOutcome(options, { done, text: texts.join('\n') })
}
