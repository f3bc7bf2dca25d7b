// How a command ends when it was not done, and with which exit code. Programs tell from it whether to try again, to write it otherwise, or
// to look at the server.

import { ConfigError } from '../model/errors.ts'

/** 69 and 78 as in sysexits.h. */
export const EXIT = {
  /** Understood, and not so: refused, not there, not sure. */
  notSo: 1,
  /** Written in a way that nothing can be done about. */
  usage: 2,
  /** No Cordon answers. */
  noServer: 69,
  /** The configuration is not usable. */
  config: 78,
} as const

/** What was given cannot be meant: which of it, and what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export class NoServer extends Error {
  override readonly name = 'NoServer'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage
  if (error instanceof NoServer) return EXIT.noServer
  return error instanceof ConfigError ? EXIT.config : EXIT.notSo
}
