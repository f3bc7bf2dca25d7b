// What was put on devices that cannot be asked, written down before it is said: after a crash Cordon knows what it may have put on,
// and takes it off.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type Restriction, restrictionKey } from '../../model/decision.ts'

export class HeldFile {
  readonly #path: string
  readonly #held: Map<string, Restriction>

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
    writeFileSync(`${this.#path}.new`, JSON.stringify([...this.#held.values()]), { mode: 0o600 })
    renameSync(`${this.#path}.new`, this.#path)
  }
}

function read(path: string): readonly Restriction[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Restriction[]
  } catch {
    return []
  }
}
