// Recipients that the server took, of those that it asked about. It may refuse some behind the question, and says at the end how many are
// left, not which. Those that were never written to before are taken for the ones that are left: nothing is hidden behind refused friends,
// and refused strangers are never more than the recipients that the message has.

import type { History } from '../evidence/history.ts'

type Heard = {
  readonly recipients: readonly string[]
  /** Of each of them. */
  readonly correspondents: readonly string[]
  readonly history: History
}

export function takenOfHeard(heard: Heard, count: number): Heard {
  const { recipients, correspondents, history } = heard
  if (recipients.length <= count) return heard
  const newTo = history.newTo && new Set(history.newTo)
  const isNew = (i: number) => newTo?.has(correspondents[i] as string) === true
  const all = [...recipients.keys()]
  const left = [...all.filter(isNew), ...all.filter(i => !isNew(i))].slice(0, count)
  const keys = left.map(i => correspondents[i] as string)
  return {
    recipients: left.map(i => recipients[i] as string),
    correspondents: keys,
    history: {
      ...history,
      firstTime: Math.min(history.firstTime, count),
      ...(newTo ? { newTo: keys.filter(key => newTo.has(key)) } : {}),
    },
  }
}
