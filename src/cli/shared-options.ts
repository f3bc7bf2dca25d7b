// What every command that talks to a running Cordon takes, and how it says what went wrong.

import type { Command } from 'commander'
import { parseDuration } from '../model/duration.ts'
import type { OrderOutcome } from '../model/order.ts'

export function controlOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of the running Cordon', './cordon-data')
    .option('--json', 'print JSON, for programs')
}

/** A span of time in ms, such as that of `--since 7d`. Throws a sentence when it is none. */
export function spanOf(text: string): number {
  const span = parseDuration(text)
  if (span === undefined) throw new Error(`${text} is no duration. Write 24h, or 7d.`)
  return span
}

/** Runs an action; a failure is one sentence and exit code 1. */
export function sayingWhy<A extends unknown[]>(
  action: (...args: A) => Promise<void>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args)
    } catch (error) {
      console.error(`cordon: ${(error as Error).message}`)
      process.exitCode = 1
    }
  }
}

export function sayOutcome(outcome: OrderOutcome): void {
  if (outcome.done) console.log(outcome.text)
  else {
    console.error(outcome.text)
    process.exitCode = 1
  }
}
