// A Linux router with nftables, on this machine or at the other end of a command such as `ssh root@edge1 nft`. Cordon fills the sets
// of the table that was loaded at boot, and nothing else. One nft runs at a time; what comes meanwhile goes into the next.

import { execFile, type ExecFileException } from 'node:child_process'
import type { Restriction } from '../../../model/decision.ts'
import { formatDuration } from '../../../model/duration.ts'
import { wordsOf } from '../../../model/errors.ts'
import { parsePrefix } from '../../../model/ip.ts'
import type { Held, NetworkControl } from '../../../ports/network-control.ts'
import { HeldEntries } from '../held-entries.ts'
import { setName, TABLE } from './base-table.ts'
import {
  elementOf,
  namesIn,
  restrictionsIn,
  scriptOf,
  touchScript,
  watchScript,
} from './elements.ts'
import { alsoGone, type Change, mergeChanges, unsureOf } from './merge-changes.ts'
import type { TableListing } from './own-table.ts'
import type { TableGuard } from './table-guard.ts'

export type NftablesSettings = {
  /** `nftables[].name`, nftables by default. */
  readonly name: string
  /** Program and arguments that are `nft` there: `nftables[].command`, nft by default. */
  readonly command: readonly string[]
  /** Address space of the addresses this router sees: `nftables[].realm`, main by default. */
  readonly realm: string
  /** Lengths of the IPv4 prefixes that are leased: `nftables[].prefixLengths4`, 32 by default, each 8 to 32. */
  readonly prefixLengths4: readonly number[]
  /** Lengths of the IPv6 prefixes that are leased: `nftables[].prefixLengths6`, 48, 56, 64, 128 by default, each 8 to 128. */
  readonly prefixLengths6: readonly number[]
}

export type Nft = (args: readonly string[], script: string) => Promise<string>

/** ms for one run of nft, over ssh as well; then it is ended, and its changes have failed. */
const TIMEOUT = 10_000
/** The listing of a million elements is some 100 MB. */
const MAX_OUTPUT = 256 * 1024 * 1024

const TOO_LONG = 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'

/** Exit status of ssh when it is not that of the program there. */
const SSH_FAILED = 255

/** What nft said, or the way to it: trouble of the router, where no place in our program says more than its words. */
class NftFailure extends Error {
  constructor(words: string) {
    super(words)
    this.stack = words
  }
}
/** nft did not run, or did not end: others would meet the same. */
class NoAnswer extends NftFailure {}
/** The table, or one of its sets, is not there. */
class NotLoaded extends NftFailure {}

type WaitingChange = Change & { readonly done: (error?: Error) => void }

export type NftablesRouter = NetworkControl & {
  /** A change that changes nothing: what follows the changes of the table must hear of it. */
  touch(): Promise<void>
}

/** `guard`: looks after what stands beside the sets. */
export function nftables(
  settings: NftablesSettings,
  now: () => number,
  nft: Nft,
  guard?: TableGuard,
): NftablesRouter {
  const { name, realm } = settings
  /** Entries that were read back, and those that were sent since. */
  const held = new HeldEntries()
  /** Why the router could not be asked what it holds, when it was last asked. */
  let failure: string | undefined
  const at = (entry: Restriction) => held.at(entry)
  /** Names of the sets in the router's table, as it was last listed. */
  let nameOf = setName
  let waiting: WaitingChange[] = []
  let queue: Promise<unknown> = Promise.resolve()
  const oneAtATime = <T>(job: () => Promise<T>): Promise<T> => {
    const mine = queue.then(job)
    queue = mine.catch(() => undefined)
    return mine
  }

  const together = async (changes: readonly WaitingChange[]): Promise<void> => {
    const sent = mergeChanges(changes, at)
    try {
      const script = scriptOf({ put: sent.put, drop: alsoGone(sent, at) }, now(), nameOf)
      if (script !== '') await nft(['-f', '-'], script)
      for (const entry of sent.drop) held.drop(entry)
      for (const entry of sent.put) held.put(entry)
      for (const { done } of changes) done()
    } catch (error) {
      const words = wordsOf(error)
      for (const entry of [...sent.put, ...sent.drop])
        held.put(unsureOf(entry, held.at(entry), words))
      // Changes that failed together are tried alone: those that can succeed do, and only the culprit is refused.
      if (changes.length > 1 && !(error instanceof NoAnswer))
        for (const one of changes) await together([one])
      else for (const { done } of changes) done(error as Error)
    }
  }
  const change = (put: readonly Restriction[], drop: readonly Restriction[]): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ put, drop, done: error => (error ? reject(error) : resolve()) })
      if (waiting.length > 1) return
      void oneAtATime(() => {
        const changes = waiting
        waiting = []
        return together(changes)
      })
    })
  const hasSetFor = (entry: Restriction): boolean => hasSet(settings, entry)
  return {
    name,
    // Half an address cannot be closed without closing the neighbours behind it.
    fits: entry => hasSetFor(entry) && elementOf(entry) !== undefined,
    whyNot: entry =>
      hasSetFor(entry) && elementOf(entry) === undefined
        ? 'the id of the customer is too long for the comment of an element of nft'
        : undefined,
    apply: entries => change(entries, []),
    revoke: entries => change([], entries),
    watch: prefixes =>
      oneAtATime(async () => {
        guard?.watches(prefixes)
        await nft(['-f', '-'], watchScript(prefixes))
      }),
    touch: () => oneAtATime(async () => void (await nft(['-f', '-'], touchScript()))),
    repair: () =>
      oneAtATime(async () => {
        const script = guard?.script
        if (script === undefined) return false
        try {
          await nft(['-f', '-'], script)
        } catch (error) {
          guard?.failed(wordsOf(error))
          return false
        }
        guard?.repaired()
        return true
      }),
    failure: () => failure,
    list: async subscriber => {
      if (subscriber === undefined) return oneAtATime(inForce)
      const since = now()
      return held.list(subscriber).filter(({ until }) => until === undefined || until > since)
    },
  }

  async function inForce(): Promise<readonly Held[]> {
    try {
      const found = await listed()
      failure = undefined
      held.replace(found)
      return found
    } catch (error) {
      const words = wordsOf(error)
      failure = words
      if (error instanceof NotLoaded) guard?.missing()
      // It may be there still or not: what was known of it is known no more.
      const known = held.list()
      held.replace(known.map(entry => (entry.standing ? entry : unsureOf(entry, entry, words))))
      throw error
    }
  }

  async function listed(): Promise<readonly Held[]> {
    const text = await nft(['-j', 'list', 'table', 'inet', TABLE], '')
    nameOf = namesIn(text)
    const listing = JSON.parse(text) as TableListing
    guard?.look(listing)
    const doubt = guard?.doubt
    return restrictionsIn(listing, realm, now()).map(entry =>
      doubt === undefined ? entry : { ...entry, standing: 'unsure' as const, words: doubt },
    )
  }
}

function hasSet(
  { realm, prefixLengths4, prefixLengths6 }: NftablesSettings,
  entry: Restriction,
): boolean {
  const prefix = parsePrefix(entry.prefix)
  const lengths = prefix?.family === 4 ? prefixLengths4 : prefixLengths6
  const isKnown = prefix !== undefined && lengths.includes(prefix.bits)
  return entry.realm === realm && isKnown && !entry.ports
}

/** `done`: its change has been made. */
type OwnRuns = { began(): void; failed(): void; done(): void }

/** `own`: is told of each run that changes something. */
export function nftIn(command: readonly string[], own: OwnRuns, timeout = TIMEOUT): Nft {
  const nft = run(command, timeout)
  return async (args, script) => {
    if (script === '') return nft(args, script)
    own.began()
    try {
      const answer = await nft(args, script)
      own.done()
      return answer
    } catch (error) {
      own.failed()
      throw error
    }
  }
}

function run([program = 'nft', ...before]: readonly string[], timeout: number): Nft {
  return (args, script) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        program,
        [...before, ...args],
        { timeout, maxBuffer: MAX_OUTPUT },
        (error, stdout, stderr) => {
          if (!error) return resolve(stdout)
          const words = failureWords(error, { stderr, program, timeout })
          const isSaid = typeof error.code === 'number' && error.code !== SSH_FAILED
          if (!isSaid) return reject(new NoAnswer(words))
          return reject(isNotLoaded(stderr) ? new NotLoaded(words) : new NftFailure(words))
        },
      )
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(script)
    })
}

const isNotLoaded = (stderr: string): boolean =>
  /No such file or directory/.test(stderr) && /table|set/.test(stderr)

/** For people at three in the morning: what is wrong, and what to do. */
function failureWords(
  error: ExecFileException,
  { stderr, program, timeout }: { stderr: string; program: string; timeout: number },
): string {
  if (error.killed === true && error.code !== TOO_LONG)
    return `${program} did not answer within ${formatDuration(timeout)}; see whether the router can be reached, and what holds it up`
  if (error.code === 'ENOENT')
    return `there is no program ${program}; install it, or write where it is into nftables.command`
  if (isNotLoaded(stderr))
    return `the table inet ${TABLE} is not loaded there, or is of another configuration; load what "cordon router table" prints`
  // The first line says what; after it stands the whole script.
  const [what = ''] = stderr.split('\n')
  if (what !== '') return `nft: ${what}`
  if (error.signal) return `${program} was ended by ${error.signal}`
  return error.code === undefined
    ? error.message.trim()
    : `${program} failed without a word (${error.code})`
}
