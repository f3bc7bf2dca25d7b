// The configuration in force, and how it is replaced. Each part says which keys it reads and whether it can take a new value while it
// runs (`live`) or only when it is opened (`restart`). A key is live only if every part that reads it says so; all others keep their old
// value, for every part, until a restart. A reload has two phases: each part prepares, which may fail and changes nothing; then all
// commit, one after the other, without a pause in between. A key has changed as well when a file that it names has other content.

import { differs } from '../config/differs.ts'
import type { NamedFile } from '../config/named-files.ts'
import type { Config } from '../config/schema.ts'
import { changedIn, fileMarks } from './file-marks.ts'

export type Keys = { readonly [K in keyof Config]?: 'live' | 'restart' }
/** The part of the configuration that these keys name. */
export type Chosen<K extends Keys> = Pick<Config, keyof K & keyof Config>

/** Puts a prepared value in force. Must not throw. A promise is what is still written to disk afterwards. */
export type Commit = () => void | Promise<unknown>
type Prepare = (next: Config) => Commit | Promise<Commit>
type Prepared = { readonly prepare: Prepare; readonly commit: Commit }

export type Settings = {
  /** The values that this part reads, as they are now. `prepare` is called with the new ones when some change. */
  of<K extends Keys>(
    keys: K,
    prepare?: (next: Chosen<K>) => Commit | Promise<Commit>,
  ): { readonly now: Chosen<K> }
  /** Takes over what can change. Throws, and changes nothing, when a part cannot use the new value. */
  reload(next: Config): Promise<Reloaded>
  /** What a reload would change. Throws where a reload would. */
  rehearse(next: Config): Promise<Rehearsed>
  /** Writes what the last reload could not, and changes nothing else. Resolves with what still cannot be written. */
  writeAgain(): Promise<readonly unknown[]>
  /** All of it, as it is now: what waits for a restart still has its old value. */
  inForce(): Config
  /** Whether each key is `live` or `restart`, for the reference of the configuration. */
  liveness(): ReadonlyMap<keyof Config, 'live' | 'restart'>
}

export type Rehearsed = Omit<Reloaded, 'unwritten'>

export type Reloaded = {
  /** Keys that changed and are in force now. */
  readonly changed: readonly (keyof Config)[]
  /** Keys that differ and take effect after a restart. */
  readonly later: readonly (keyof Config)[]
  /** Files of live keys that were read again, because they have other content under the same name. */
  readonly files: readonly NamedFile[]
  /** Errors of commits that are in force and could not be written to disk: `writeAgain` does, or the next reload. */
  readonly unwritten: readonly unknown[]
}

export function createSettings(first: Config): Settings {
  let current = first
  /** Marks of the files in force. Taken before a part reads the file: what changes in between is read once more the next time. */
  let marks = fileMarks(first)
  const kinds = new Map<keyof Config, 'live' | 'restart'>()
  const prepares: { readonly keys: readonly (keyof Config)[]; readonly prepare: Prepare }[] = []
  /** Parts whose last commit could not be written: they are asked again, also when nothing has changed since. */
  const owing = new Set<Prepare>()
  let reloading: Promise<unknown> = Promise.resolve()

  const named = (config: Config, kind: 'live' | 'restart'): (keyof Config)[] =>
    [...kinds].flatMap(([key, is]) => (is === kind && differs(current, config, key) ? [key] : []))

  async function prepared(next: Config) {
    const marked = fileMarks(next)
    const files = changedIn(marks, marked).filter(({ key }) => kinds.get(key) === 'live')
    const changed = [...new Set([...named(next, 'live'), ...files.map(({ key }) => key)])]
    const later = named(next, 'restart')
    const effective: Config = Object.freeze({
      ...current,
      ...Object.fromEntries(changed.map(key => [key, next[key]])),
    })
    const commits: Prepared[] = []
    for (const { keys, prepare } of prepares)
      if (owing.has(prepare) || keys.some(key => changed.includes(key)))
        commits.push({ prepare, commit: await prepare(effective) })
    return { said: { changed, later, files }, effective, marked, commits }
  }

  async function reload(next: Config): Promise<Reloaded> {
    const { said, effective, marked, commits } = await prepared(next)
    current = effective
    marks = marked
    return { ...said, unwritten: await committed(commits) }
  }

  /** Puts them in force, and keeps in mind which could not be written. */
  async function committed(commits: readonly Prepared[]): Promise<readonly unknown[]> {
    const written = await Promise.allSettled(commits.map(({ commit }) => Promise.try(commit)))
    const unwritten = written.flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
    for (const [i, { prepare }] of commits.entries())
      if (written[i]?.status === 'rejected') owing.add(prepare)
      else owing.delete(prepare)
    return unwritten
  }

  async function writeAgain(): Promise<readonly unknown[]> {
    const commits: Prepared[] = []
    for (const prepare of owing) commits.push({ prepare, commit: await prepare(current) })
    return committed(commits)
  }

  /** One after the other: two at once would each prepare against what the other replaces. */
  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const mine = reloading.then(work)
    reloading = mine.catch(() => undefined)
    return mine
  }

  return {
    of: (keys, prepare) => {
      const names = Object.keys(keys) as (keyof Config)[]
      note(kinds, keys)
      if (prepare) prepares.push({ keys: names, prepare })
      return {
        get now() {
          return current
        },
      }
    },
    reload: next => inLine(() => reload(next)),
    rehearse: next => inLine(async () => (await prepared(next)).said),
    writeAgain: () => inLine(writeAgain),
    inForce: () => current,
    liveness: () => kinds,
  }
}

/** What each key is to all parts together. */
export function livenessOf(tables: readonly Keys[]): ReadonlyMap<keyof Config, 'live' | 'restart'> {
  const kinds = new Map<keyof Config, 'live' | 'restart'>()
  for (const keys of tables) note(kinds, keys)
  return kinds
}

function note(kinds: Map<keyof Config, 'live' | 'restart'>, keys: Keys): void {
  for (const [name, kind] of Object.entries(keys) as [keyof Config, 'live' | 'restart'][])
    if (kinds.get(name) !== 'restart') kinds.set(name, kind)
}
