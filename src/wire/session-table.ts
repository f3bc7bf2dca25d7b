// Live sessions by login, so that a stopped login is cut off in mid-sentence.

import type { Sessions } from '../ports/sessions.ts'

export type SessionTable = Sessions & {
  /** Notes that this session now acts as `login`; returns what to call when it ends. */
  readonly join: (login: string, end: () => void) => () => void
}

export function sessionTable(): SessionTable {
  const byLogin = new Map<string, Set<() => void>>()
  return {
    join: (login, end) => {
      const mine = byLogin.get(login) ?? new Set()
      byLogin.set(login, mine.add(end))
      return () => {
        mine.delete(end)
        if (mine.size === 0) byLogin.delete(login)
      }
    },
    cut: login => {
      byLogin.get(login)?.forEach(end => end())
    },
  }
}
