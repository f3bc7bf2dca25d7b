// Live sessions by login, in this thread and in door threads, so that a stopped login is cut off in mid-sentence wherever it is.

import { type SessionTable, sessionTable } from '../wire/session-table.ts'

export type LiveSessions = SessionTable & {
  /** Sessions that live elsewhere are cut there, too. */
  alsoCut(elsewhere: (login: string) => void): void
}

export function liveSessions(): LiveSessions {
  const here = sessionTable()
  const elsewhere: ((login: string) => void)[] = []
  return {
    join: here.join,
    cut: login => {
      here.cut(login)
      for (const cut of elsewhere) cut(login)
    },
    alsoCut: cut => void elsewhere.push(cut),
  }
}
