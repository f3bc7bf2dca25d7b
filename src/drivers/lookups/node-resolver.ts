// node:dns with servers and patience of ours. Every question to the DNS goes through here, and none leaves with a name that is not legal, for
// every caller: our own look-ups, or mailauth, to which a `Dns` is handed. The server asks in a thread of its own (dns-thread.ts).

import { Resolver } from 'node:dns/promises'
import type { AwakeTime } from '../awake-time.ts'
import { withinTime } from '../within.ts'
import { type FirstOfIt, firstOf } from './first-of-it.ts'
import { queryName } from './query-name.ts'

/** Rejects with code EBADNAME, which is c-ares's own, when the name is not legal. Of an answer it gives the first (first-of-it.ts). */
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
    if (left < 0 || time.isOver()) throw noAnswer('too many questions for one message')
    const asked = dns.resolve(name, type) as Promise<string[]>
    return await withinTime(time, asked, () => noAnswer('the time for all questions is over'))
  }
}

/** What is said of a question without an answer, whatever the cause: it may have one another time. */
export const noAnswer = (words: string) => failure('ETIMEOUT', words)

/** Whether no server has answered: any other failure is an answer. */
export const isSilence = (error: unknown): boolean =>
  ['ETIMEOUT', 'ECONNREFUSED'].includes((error as { code?: string }).code ?? '')

/** As node:dns rejects. */
export const failure = (code: string, words: string) => Object.assign(new Error(words), { code })

/** The name as it is asked. Throws when it is not legal. */
export function legalName(name: string): string {
  const asked = queryName(name)
  if (asked === undefined) throw failure('EBADNAME', 'not a legal domain name')
  return asked
}

/** ms for the first attempt of two: a dead server must not keep a client waiting, nor mail from going on. */
export const PATIENCE = 2000

/** Those of /etc/resolv.conf. */
export const systemServers = (): readonly string[] => new Resolver().getServers()

/** Asks from the thread it is called in. `servers`: `address` or `address:port`; the system's own when empty. */
export function nodeAsker(
  servers: readonly string[],
): (name: string, type: string) => Promise<FirstOfIt> {
  const dns = new Resolver({ timeout: PATIENCE, tries: 2 })
  if (servers.length > 0) dns.setServers(servers)
  return async (name, type) =>
    firstOf(type, (await dns.resolve(legalName(name), type)) as unknown as readonly unknown[])
}

/** The same for a program that has no thread that asks. */
export function nodeResolver(servers: readonly string[]): Dns {
  const ask = nodeAsker(servers)
  const resolve = async (name: string, type: string) => (await ask(name, type)).kept
  return { resolve: resolve as unknown as Resolver['resolve'] }
}
