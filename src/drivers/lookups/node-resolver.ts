// node:dns with servers and patience of ours.

import { Resolver } from 'node:dns/promises'

/** As mailauth asks. */
export type AskDns = (name: string, type: string) => Promise<string[]>

/**
 * Answers at most `questions`, and none after `budget` ms: a message may bring hundreds of signatures, each with a question to a
 * server of its sender's, and nobody waits for the last of them.
 */
export function askedWithin(
  dns: Resolver,
  { questions, budget }: { readonly questions: number; readonly budget: number },
): AskDns {
  let left = questions
  const until = Date.now() + budget
  return async (name, type) => {
    left--
    if (left < 0 || Date.now() > until)
      throw Object.assign(new Error('too many questions for one message'), { code: 'ETIMEOUT' })
    return (await dns.resolve(name, type)) as string[]
  }
}

/** `servers`: `address` or `address:port`; the system's own when empty. `timeout` for one question, in ms; two tries. */
export function nodeResolver(servers: readonly string[], timeout: number): Resolver {
  const dns = new Resolver({ timeout, tries: 2 })
  if (servers.length > 0) dns.setServers(servers)
  return dns
}
