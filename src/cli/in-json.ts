// What a command prints with `--json`: one JSON value on standard output, of one of four shapes, whatever came of it. A list is `ListedPage`;
// an order that was done is `{ done: true, text }`; what is asked about one thing is that thing, as the API has it; and
// what was not done is `{ error: { code, message } }`, in the words that people would read on standard error.

import type { Command } from 'commander'
import type { Page } from '../model/page.ts'
import { EXIT, exitCodeOf } from './failures.ts'
import { harmless } from './table.ts'

/** A word for each exit code. */
const CODES: Readonly<Record<number, string>> = {
  [EXIT.notSo]: 'not-so',
  [EXIT.usage]: 'usage',
  [EXIT.noServer]: 'no-server',
  [EXIT.config]: 'config',
}

export type ListedPage<T> = Page<T> & { readonly truncated: boolean }

/** A list that is always printed as a whole. */
export const whole = <T>(rows: readonly T[]): ListedPage<T> => ({ rows, truncated: false })

/** JSON leaves these as they are; a terminal may take them for commands, or turn the line around. */
const COMMANDS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
const inHex = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`

export function sayJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2).replace(COMMANDS, inHex))
}

/** Says why nothing was done, and sets the exit code. */
export function sayFailed(json: boolean, message: string, exit: number): void {
  if (json) sayJson({ error: { code: CODES[exit] ?? 'not-so', message } })
  else console.error(message.split('\n').map(harmless).join('\n'))
  process.exitCode = exit
}

/** The same for an error that was thrown; people read `cordon: ` in front of it. */
export function sayThrown(json: boolean, error: unknown, message: string): void {
  sayFailed(json, json ? message : `cordon: ${message}`, exitCodeOf(error))
}

/** Whether a command was given `--json`; of its action's arguments it is the last one. */
export const inJson = (args: readonly unknown[]): boolean =>
  (args.at(-1) as Command | undefined)?.opts()['json'] === true
