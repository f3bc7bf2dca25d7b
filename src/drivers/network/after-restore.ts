// After a backup was put back, a device that cannot be asked may hold what it was told since the backup: a line that was isolated meanwhile is
// written down nowhere any more. So what it holds of each session of that time is not known until it is told once more.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Restriction } from '../../model/decision.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'
import { RESTORED } from '../backup/restore-mark.ts'
import { writeWhole } from '../write-whole.ts'
import type { HeldFile } from './held-file.ts'

/** A session of before whose Start is not in the backup begins for us with its next update, which comes within that (ms). */
const UPDATED_WITHIN = 2 * HOUR
/** ms after which nothing is in doubt any more: each session was told, or is over. */
const OVER = DAY

const WORDS = 'a backup was put back: what was said of it since is not known, and it is said again'

type ToldSince = { readonly at: number; readonly places: readonly string[] }

export class AfterRestore {
  readonly #held: HeldFile
  readonly #path: string
  readonly #at: number | undefined
  /** Which were in doubt already, and were told since: none is told again at each start. */
  readonly #told = new Set<string>()
  /** Nothing was done for this restore yet. */
  readonly isNew: boolean

  /** `file`: what `held` is kept in; the mark of a restore lies beside it. What `held` has is in doubt from then on. */
  constructor(file: string, held: HeldFile) {
    this.#held = held
    this.#path = `${file}.restored`
    this.#at = timeIn(join(dirname(file), RESTORED))
    const before = this.#at === undefined ? undefined : toldIn(this.#path)
    this.isNew = this.#at !== undefined && before?.at !== this.#at
    if (!this.isNew) for (const place of before?.places ?? []) this.#told.add(place)
    else {
      held.doubt(WORDS)
      this.#save()
    }
  }

  /** `entries`: what each lease that there is would be held as, if its line were isolated. */
  doubt(entries: () => Iterable<Restriction>, now: number): void {
    const at = this.#at
    if (at === undefined || Math.abs(now - at) > OVER) return
    const fresh = [...entries()].filter(
      entry => (entry.began ?? 0) <= at + UPDATED_WITHIN && !this.#told.has(this.#key(entry)),
    )
    if (fresh.length === 0) return
    // First what is in doubt, so that a crash in between forgets none.
    this.#held.suspect(fresh, WORDS)
    for (const entry of fresh) this.#told.add(this.#key(entry))
    this.#save()
  }

  #key(entry: Restriction): string {
    return `${entry.began ?? 0} ${this.#held.placeOf(entry)}`
  }

  #save(): void {
    writeWhole(this.#path, JSON.stringify({ at: this.#at, places: [...this.#told] }))
  }
}

const isTold = (found: unknown): found is ToldSince =>
  typeof found === 'object' &&
  found !== null &&
  typeof (found as Partial<ToldSince>).at === 'number' &&
  Array.isArray((found as Partial<ToldSince>).places)

/** Of one that cannot be read nothing is known: all are told once more. */
function toldIn(path: string): ToldSince | undefined {
  const found = jsonIn(path)
  return isTold(found) ? found : undefined
}

function timeIn(path: string): number | undefined {
  const found = jsonIn(path)
  const at = (found as { at?: unknown } | undefined)?.at
  return typeof at === 'number' ? at : undefined
}

function jsonIn(path: string): unknown {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(wholeFileNow(path).bytes.toString('utf8')) ?? undefined
  } catch {
    return undefined
  }
}
