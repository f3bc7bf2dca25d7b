// node:dns with servers and patience of ours. Every question to the DNS goes through `nodeResolver`, and none leaves it with a name
// that is not legal, for every caller: our own look-ups, or mailauth, to which it is handed.

import { Resolver } from 'node:dns/promises'
import type { AwakeTime } from '../awake-time.ts'
import { withinTime } from '../within.ts'
import { queryName } from './query-name.ts'

/** Rejects with code EBADNAME, which is c-ares's own, when the name is not legal. */
export type Dns = Pick<Resolver, 'resolve'>

/** As mailauth asks. */
export type AskDns = (name: string, type: string) => Promise<string[]>

/**
 * Answers at most `questions`, and none when the time is over, one that waits by then included: a message may bring hundreds of signatures,
 * each with a question to a server of its sender's, and no caller waits for the last of them.
 */
export function askedWithin(
  dns: Dns,
  { questions, time }: { readonly questions: number; readonly time: AwakeTime },
): AskDns {
  let left = questions
  return async (name, type) => {
    left--
    if (left < 0 || time.isOver()) throw timeout('too many questions for one message')
    const asked = dns.resolve(name, type) as Promise<string[]>
    return await withinTime(time, asked, () => timeout('the time for all questions is over'))
  }
}

const timeout = (words: string) => Object.assign(new Error(words), { code: 'ETIMEOUT' })

/** `servers`: `address` or `address:port`; the system's own when empty. `timeout` for one question, in ms; two attempts. */
export function nodeResolver(servers: readonly string[], timeout: number): Dns {
  const dns = new Resolver({ timeout, tries: 2 })
  if (servers.length > 0) dns.setServers(servers)
  const resolve = async (name: string, type: string) => {
    const asked = queryName(name)
    if (asked === undefined)
      throw Object.assign(new Error('not a legal domain name'), { code: 'EBADNAME' })
    return dns.resolve(asked, type)
  }
  return { resolve: resolve as Resolver['resolve'] }
}
