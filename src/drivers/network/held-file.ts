// What was put on devices that cannot be asked, written down before it is said: after a crash Cordon knows what it may have put on,
// and takes it off.

import { existsSync, readFileSync } from 'node:fs'
import { type Restriction, restrictionKey } from '../../model/decision.ts'
import { inTodaysWords } from '../../model/former-words.ts'
import { writeWhole } from '../write-whole.ts'

export class HeldFile {
  readonly #path: string
  readonly #held: Map<string, Restriction>

  /** Throws when the file is damaged. */
  constructor(path: string) {
    this.#path = path
    this.#held = new Map(read(path).map(entry => [restrictionKey(entry), entry]))
  }

  /**
   * Written down before it is said. Where that fails, what stands there is unlike anything that is wanted, so that the next
   * comparison tries again; rejects as `say` does.
   */
  async putting(entries: readonly Restriction[], say: () => Promise<void>): Promise<void> {
    this.put(entries)
    try {
      await say()
    } catch (error) {
      this.put(entries.map(entry => ({ ...entry, until: 0 })))
      throw error
    }
  }

  put(entries: readonly Restriction[]): void {
    for (const entry of entries) this.#held.set(restrictionKey(entry), entry)
    this.#save()
  }

  /** After it was taken off. */
  drop(entries: readonly Restriction[]): void {
    for (const entry of entries) this.#held.delete(restrictionKey(entry))
    this.#save()
  }

  list(subscriber?: string): readonly Restriction[] {
    const all = [...this.#held.values()]
    return subscriber === undefined ? all : all.filter(entry => entry.subscriber === subscriber)
  }

  #save(): void {
    writeWhole(this.#path, JSON.stringify([...this.#held.values()]))
  }
}

/** Throws a sentence when it is damaged: nobody would know any more whom to give back their line. */
function read(path: string): readonly Restriction[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  try {
    const found: unknown = JSON.parse(inTodaysWords(text))
    if (Array.isArray(found)) return found as Restriction[]
  } catch {}
  throw new Error(
    `${path} is damaged; it says which lines were restricted on the devices. Restore it from a backup, or move it away and take off by hand what is on the devices.`,
  )
}
