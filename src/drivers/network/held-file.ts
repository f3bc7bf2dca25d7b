// What was put on devices that cannot be asked, written down before it is said: after a crash Cordon knows what it may have put on,
// and takes it off. Until the device has confirmed it, it is unsure, and is tried again.

import { existsSync } from 'node:fs'
import { type Restriction, restrictionKey } from '../../model/decision.ts'
import { wordsOf } from '../../model/errors.ts'
import { inTodaysWords } from '../../model/former-words.ts'
import { type Held, type Lifted, NotAllDone, type Standing } from '../../ports/network-control.ts'
import { writeWhole } from '../write-whole.ts'
import { HeldEntries } from './held-entries.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'

/** What a device said of an entry that it did not bring about. */
export type Failure = { readonly standing: Standing; readonly words: string }
/** Entries that the device did not take; it took the others. */
export type Failures = ReadonlyMap<Restriction, Failure>

export class HeldFile {
  readonly #path: string
  readonly #held: HeldEntries
  readonly #place: (entry: Restriction) => string
  /** Places of which the device is told now. */
  readonly #asking = new Set<string>()

  /** `place`: what one entry takes up on the device. Throws when the file is damaged. */
  constructor(path: string, place: (entry: Restriction) => string = restrictionKey) {
    this.#path = path
    this.#place = place
    this.#held = new HeldEntries(place)
    this.#held.replace(readHeld(path))
  }

  /** Rejects when any of them was not brought about, and as `say` does. */
  async putting(entries: readonly Restriction[], say: () => Promise<Failures>): Promise<void> {
    this.#put(entries.map(entry => this.#asked(entry)))
    await this.#settle(entries, say, entry => this.#held.put(entry))
  }

  /** What another customer has there by now is not touched, and nothing is said of it. */
  async lifting(
    entries: readonly Lifted[],
    say: (mine: readonly Lifted[]) => Promise<Failures>,
  ): Promise<void> {
    const mine = entries.filter(entry => {
      const there = this.#held.at(entry)
      return there === undefined || there.subscriber === entry.subscriber
    })
    if (mine.length === 0) return
    this.#put(mine.map(entry => this.#asked(entry)))
    await this.#settle(
      mine,
      () => say(mine),
      entry => this.#held.drop(entry),
    )
  }

  placeOf(entry: Restriction): string {
    return this.#place(entry)
  }

  /** Nothing that was confirmed is known any more. */
  doubt(words: string): void {
    const known = this.#held.list().filter(({ standing }) => standing === undefined)
    if (known.length > 0) this.#put(known.map(entry => ({ ...entry, standing: 'unsure', words })))
  }

  /** Each of these may be there, where nothing is written down at its place. */
  suspect(entries: readonly Restriction[], words: string): void {
    const unknown = entries.filter(entry => this.#held.at(entry) === undefined)
    if (unknown.length > 0)
      this.#put(unknown.map(entry => ({ ...entry, standing: 'unsure', words })))
  }

  /** Drops entries without a word to the device. */
  forget(entries: readonly Restriction[]): void {
    if (entries.length === 0) return
    for (const entry of entries) this.#held.drop(entry)
    this.#save()
  }

  list(subscriber?: string): readonly Held[] {
    return this.#held.list(subscriber).map(entry => {
      const isAnswered = entry.standing !== undefined && entry.standing !== 'unsure'
      if (!isAnswered || !this.#asking.has(this.#place(entry))) return entry
      return { ...entry, words: `${entry.words ?? 'no reason'}; it is asked again now` }
    })
  }

  /** While it is said again, what the device answered last stands: a refusal is one until there is another answer. */
  #asked(entry: Lifted): Held {
    const there = this.#held.at(entry)
    const isSame = there?.subscriber === entry.subscriber && there.state === entry.state
    if (!isSame || there.standing === undefined) return unsure(entry)
    const { words } = there
    return {
      ...unsure(entry),
      standing: there.standing,
      ...(words === undefined ? {} : { words }),
    }
  }

  async #settle(
    entries: readonly Restriction[],
    say: () => Promise<Failures>,
    done: (entry: Restriction) => void,
  ): Promise<void> {
    const places = entries.map(this.#place)
    for (const place of places) this.#asking.add(place)
    let failures: Failures
    try {
      failures = await say()
    } catch (error) {
      this.#put(entries.map(entry => ({ ...unsure(entry), words: wordsOf(error) })))
      throw error
    } finally {
      for (const place of places) this.#asking.delete(place)
    }
    for (const entry of entries) {
      const failure = failures.get(entry)
      if (failure) this.#held.put({ ...unsure(entry), ...failure })
      else done(entry)
    }
    this.#save()
    if (failures.size > 0)
      throw new NotAllDone(new Map([...failures].map(([entry, { words }]) => [entry, words])))
  }

  #put(entries: readonly Held[]): void {
    for (const entry of entries) this.#held.put(entry)
    this.#save()
  }

  #save(): void {
    writeWhole(this.#path, JSON.stringify(this.#held.list()))
  }
}

/** What was said of the entry before is dropped. */
function unsure(entry: Lifted & Held): Held {
  const { over: _, words: __, stays: ___, ...rest } = entry
  return { ...rest, standing: 'unsure' }
}

/** What an entry cannot be without to be found on a device and taken off. */
const TEXTS = ['realm', 'prefix', 'subscriber', 'state'] as const satisfies readonly (keyof Held)[]

const isEntry = (one: unknown): one is Held =>
  typeof one === 'object' &&
  one !== null &&
  TEXTS.every(name => typeof (one as Partial<Held>)[name] === 'string')

/** Throws a sentence when it is damaged: it would not be known any more which customers are to get back their line. */
export function readHeld(path: string): readonly Held[] {
  if (!existsSync(path)) return []
  const text = wholeFileNow(path).bytes.toString('utf8')
  try {
    const found: unknown = JSON.parse(inTodaysWords(text))
    if (Array.isArray(found) && found.every(isEntry)) return found
  } catch {}
  throw new Error(
    `${path} is damaged; it says which lines were restricted on the devices. Restore it from a backup, or move it away and take off by hand what is on the devices.`,
  )
}
