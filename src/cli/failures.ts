// How a command ends when it was not done, and with which exit code. Programs tell from it whether to try again, to write it otherwise, or
// to look at the server.

import { ConfigError, StartError } from '../model/errors.ts'

/** 69 and 78 as in sysexits.h. */
export const EXIT = {
  /** The command was understood, and the answer is no: refused, not there, not sure. */
  notSo: 1,
  /** The command line is wrong: the operator must write it otherwise. */
  usage: 2,
  /** No Cordon answers, or not in time, or not to the end; what was asked for may be asked again. */
  noServer: 69,
  /** The configuration is not usable. */
  config: 78,
} as const

/** An argument is wrong: which one, and what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A running Cordon says no, and why. */
export class NotSo extends Error {
  override readonly name = 'NotSo'
}

/** What a command reads could not be read. */
export class NotRead extends Error {
  override readonly name = 'NotRead'
}

export class NoServer extends Error {
  override readonly name = 'NoServer'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof NotRead) return EXIT.usage
  if (error instanceof NoServer) return EXIT.noServer
  return error instanceof ConfigError ? EXIT.config : EXIT.notSo
}

/** These messages are for the operator of the command: one sentence. Any other error is printed with its place in the program. */
export const isSentence = (error: unknown): error is Error =>
  [StartError, UsageError, NotSo, NotRead, NoServer].some(kind => error instanceof kind)
