// What every command that talks to a running Cordon takes, and how it says what went wrong.

import type { Command } from 'commander'
import { sentenceOf } from '../app/sentence-of.ts'
import { HOUR, parseDuration } from '../model/duration.ts'
import type { OrderOutcome } from '../model/order.ts'
import type { ControlOptions } from './control-client.ts'
import { EXIT, exitCodeOf, UsageError } from './failures.ts'

export function controlOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of the running Cordon', './cordon-data')
    .option('--json', 'print JSON, for programs')
}

/** A span of time in ms, such as that of `--since 7d`. Throws a sentence when it is none. */
export function spanOf(text: string): number {
  const span = parseDuration(text)
  if (span === undefined) throw new UsageError(`${text} is no duration. Write 24h, or 7d.`)
  return span
}

/** "48", or a span such as "2d", in hours. */
export function hoursOf(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text)
  const span = parseDuration(text)
  if (span === undefined)
    throw new UsageError(`--hours: ${text} is no span of time. Write hours, such as 48, or 2d.`)
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
      console.error(`cordon: ${isOfSystem(error) ? sentenceOf(error) : (error as Error).message}`)
      process.exitCode = exitCodeOf(error)
    }
  }
}

/** A file that was named on the command line cannot be read. */
const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && 'path' in error

/** As a line for people, or as a line of JSON. */
export function sayOutcome({ json }: ControlOptions, outcome: OrderOutcome): void {
  if (json) console.log(JSON.stringify(outcome))
  else if (outcome.done) console.log(outcome.text)
  else console.error(outcome.text)
  if (!outcome.done) process.exitCode = EXIT.notSo
}
