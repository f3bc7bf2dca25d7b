// A Linux router with nftables, on this machine or at the other end of a command such as `ssh root@edge1 nft`. Cordon fills the sets
// of the table that was loaded at boot, and nothing else. One nft runs at a time; what comes meanwhile goes into the next.

import { execFile } from 'node:child_process'
import { type Restriction, restrictionKey } from '../../../model/decision.ts'
import { parsePrefix } from '../../../model/ip.ts'
import type { NetworkControl } from '../../../ports/network-control.ts'
import { setName, TABLE } from './base-table.ts'
import { elementOf, namesIn, restrictionsIn, scriptOf, watchScript } from './elements.ts'

export type NftablesSettings = {
  readonly name: string
  /** Program and arguments that are `nft` there. */
  readonly command: readonly string[]
  /** Address space of the addresses this router sees. */
  readonly realm: string
  readonly lengths4: readonly number[]
  readonly lengths6: readonly number[]
}

export type Nft = (args: readonly string[], script: string) => Promise<string>

const TIMEOUT = 10_000
/** The listing of a million elements is some 100 MB. */
const MAX_OUTPUT = 256 * 1024 * 1024

type Change = {
  readonly put: readonly Restriction[]
  readonly drop: readonly Restriction[]
  readonly done: (error?: Error) => void
}

export function nftables(
  settings: NftablesSettings,
  now: () => number,
  nft: Nft = run(settings.command),
): NetworkControl {
  const { name, realm, lengths4, lengths6 } = settings
  /** What this driver has put on: subscriber, then lease. The router itself is asked when the whole is compared. */
  let held = new Map<string, Map<string, Restriction>>()
  /** As the table on the router calls its sets, known since it was last listed. */
  let nameOf = setName
  let waiting: Change[] = []
  let queue: Promise<unknown> = Promise.resolve()
  const oneAtATime = <T>(job: () => Promise<T>): Promise<T> => {
    const mine = queue.then(job)
    queue = mine.catch(() => undefined)
    return mine
  }

  const together = async (changes: readonly Change[]): Promise<void> => {
    try {
      await nft(['-f', '-'], scriptOf(merged(changes), now(), nameOf))
      for (const change of changes) {
        remember(change)
        change.done()
      }
    } catch (error) {
      // Together they failed; alone, those that can will succeed, and only the culprit is told no.
      if (changes.length > 1) for (const one of changes) await together([one])
      else changes[0]?.done(error as Error)
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
  const remember = ({ put, drop }: Pick<Change, 'put' | 'drop'>) => {
    for (const entry of drop) held.get(entry.subscriber)?.delete(restrictionKey(entry))
    for (const entry of put) {
      const mine = held.get(entry.subscriber) ?? new Map<string, Restriction>()
      held.set(entry.subscriber, mine.set(restrictionKey(entry), entry))
    }
  }
  const standing = (entry: Restriction): readonly Restriction[] => {
    const before = held.get(entry.subscriber)?.get(restrictionKey(entry))
    return before?.destinations ? [before] : []
  }
  return {
    name,
    // Half an address cannot be closed without closing the neighbours behind it.
    fits: entry => {
      const prefix = parsePrefix(entry.prefix)
      const lengths = prefix?.family === 4 ? lengths4 : lengths6
      const known = prefix !== undefined && lengths.includes(prefix.bits)
      return entry.realm === realm && known && !entry.ports && elementOf(entry) !== undefined
    },
    // Servers that are not named any more go with the rest of what stood there.
    apply: entries => change(entries, entries.flatMap(standing)),
    revoke: entries => change([], entries),
    watch: prefixes => oneAtATime(async () => void (await nft(['-f', '-'], watchScript(prefixes)))),
    list: async subscriber => {
      if (subscriber === undefined) return oneAtATime(inForce)
      const at = now()
      return [...(held.get(subscriber)?.values() ?? [])].filter(
        ({ until }) => until === undefined || until > at,
      )
    },
  }

  async function inForce(): Promise<readonly Restriction[]> {
    const listed = await nft(['-j', 'list', 'table', 'inet', TABLE], '')
    nameOf = namesIn(listed)
    const found = restrictionsIn(listed, realm, now())
    held = new Map()
    remember({ put: found, drop: [] })
    return found
  }
}

/** Of several changes to one lease the last counts. */
function merged(changes: readonly Change[]): Pick<Change, 'put' | 'drop'> {
  const put = new Map<string, Restriction>()
  const drop = new Map<string, Restriction>()
  for (const change of changes) {
    for (const entry of change.drop) {
      put.delete(restrictionKey(entry))
      drop.set(restrictionKey(entry), entry)
    }
    for (const entry of change.put) put.set(restrictionKey(entry), entry)
  }
  return { put: [...put.values()], drop: [...drop.values()] }
}

function run([program = 'nft', ...before]: readonly string[]): Nft {
  return (args, script) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        program,
        [...before, ...args],
        { timeout: TIMEOUT, maxBuffer: MAX_OUTPUT },
        (error, stdout, stderr) => {
          if (!error) return resolve(stdout)
          return reject(new Error(wordsOf(error, stderr, program)))
        },
      )
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(script)
    })
}

/** For people at three in the morning: what is wrong, and what to do. */
function wordsOf(error: Error, stderr: string, program: string): string {
  if ('code' in error && error.code === 'ENOENT')
    return `there is no program ${program}; install it, or write where it is into nftables.command`
  if (/No such file or directory/.test(stderr) && /table|set/.test(stderr))
    return `the table inet ${TABLE} is not loaded there, or is of another configuration; load what "cordon router table" prints`
  // The first line says what; after it stands the whole script.
  const [what = ''] = stderr.split('\n')
  return what === '' ? error.message : `nft: ${what}`
}
