// How a command ends when it was not done, and with which exit code. Programs tell from it whether to try again, to write it otherwise, or
// to look at the server.

import { ConfigError, StartError } from '../model/errors.ts'

/** 69 and 78 as in sysexits.h. */
export const EXIT = {
  /** Understood, and not so: refused, not there, not sure. */
  notSo: 1,
  /** Written in a way that nothing can be done about. */
  usage: 2,
  /** No Cordon answers, or not in time, or not to the end; what was asked for may be asked again. */
  noServer: 69,
  /** The configuration is not usable. */
  config: 78,
} as const

/** What was given cannot be meant: which of it, and what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A running Cordon says no, and why. */
export class NotSo extends Error {
  override readonly name = 'NotSo'
}

export class NoServer extends Error {
  override readonly name = 'NoServer'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage
  if (error instanceof NoServer) return EXIT.noServer
  return error instanceof ConfigError ? EXIT.config : EXIT.notSo
}

/** What these say is for whoever runs the command: one sentence. Of anything else the place in the program is wanted. */
export const isSentence = (error: unknown): error is Error =>
  [StartError, UsageError, NotSo, NoServer].some(kind => error instanceof kind)
