// Tells effects of what was saved, from where they were told last, also before a restart. One page is carried out while the next is read:
// a router that does not answer does not delay the closing of other lines. What fails is tried again, later and later; what cannot be done
// for another reason than a store that is away is given up after a while, and logged.

import { MINUTE, SECOND } from '../../model/duration.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import { hasCome } from '../../model/has-come.ts'
import type { Incident } from '../../model/incident.ts'
import type { Cases } from '../../ports/cases.ts'
import { CHANGES_AT_ONCE, type Changes, type Cursor } from '../../ports/changes.ts'
import type { Save } from './effect.ts'
import { everythingIn, savesIn } from './saves.ts'

/** One effect. */
export type Follower = {
  readonly name: string
  readonly follow: (save: Save) => Promise<unknown>
}

export type FeedParts = {
  readonly changes: Changes
  readonly cases: Pick<Cases, 'incidents' | 'openCases' | 'inForce'>
  readonly followers: readonly Follower[]
  /** From where to go on; undefined where no follower has ever been told. */
  readonly first: Cursor | undefined
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export type Feed = {
  /** Reads on, and attempts again what is due for it. */
  wake(): void
  /** Resolves when what was saved before is carried out, or waits to be tried again. */
  reached(): Promise<void>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
  /** Everything up to here is carried out; what is behind it may be told again. */
  cursor(): Cursor
}

/** Pages that are being carried out at once. When so many are, the next is read when the first of them is done. */
const AHEAD = 64
/** ms, between two attempts of one page. */
const LONGEST_WAIT = MINUTE
/** Attempts of one page before it is given up: some quarter of an hour. */
const MAX_ATTEMPTS = 20

/** Saves of one page that are carried out at once. */
const TOGETHER = 50

type Todo = { readonly save: Save; readonly follower: Follower }
type Page = {
  /** Where it began. */
  readonly from: Cursor
  todo: readonly Todo[]
  attempts: number
  /** When it may be tried again. */
  due: number
  running: Promise<void> | undefined
}

/** Resolves when it knows from where to go on. */
export async function openFeed(parts: FeedParts): Promise<Feed> {
  return new OpenFeed(parts, parts.first ?? (await parts.changes.end()))
}

class OpenFeed implements Feed {
  readonly #parts: FeedParts
  #cursor: Cursor
  /** The case that was read last: a page may begin with decisions that were saved with it. */
  #last: Incident | undefined
  #pages: Page[] = []
  #reading = false
  /** How often it was woken, and up to which time of these it has read. */
  #woken = 0
  #read = 0
  #waiting: (() => void)[] = []

  constructor(parts: FeedParts, cursor: Cursor) {
    this.#parts = parts
    this.#cursor = cursor
  }

  cursor(): Cursor {
    return this.#pages[0]?.from ?? this.#cursor
  }

  wake(): void {
    const now = this.#parts.now()
    for (const page of this.#pages)
      if (!page.running && hasCome(page.due, now, LONGEST_WAIT)) this.#begin(page)
    this.#woken++
    if (!this.#reading) void this.#readOn()
  }

  async reached(): Promise<void> {
    this.wake()
    const wanted = this.#woken
    while (this.#reading && this.#read < wanted)
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    await Promise.all(this.#running())
  }

  async idle(): Promise<void> {
    do await this.reached()
    while (this.#reading || this.#running().length > 0)
  }

  /** Until there is nothing new, or too much waits. What cannot be read now is read when it is woken again. */
  async #readOn(): Promise<void> {
    this.#reading = true
    try {
      while (this.#read < this.#woken) {
        const upTo = this.#woken
        while ((await this.#hasRoom()) && (await this.#readPage()));
        this.#read = upTo
        this.#tell()
      }
    } catch (error) {
      this.#read = this.#woken
      this.#parts.trouble(error, 'reading what was saved')
    } finally {
      this.#reading = false
      this.#tell()
    }
  }

  #running(): readonly Promise<void>[] {
    return this.#pages.flatMap(one => one.running ?? [])
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  async #hasRoom(): Promise<boolean> {
    if (this.#pages.length < AHEAD) return true
    const running = this.#running()
    if (running.length > 0) await Promise.race(running)
    return this.#pages.length < AHEAD
  }

  /** Whether there may be another one behind it. */
  async #readPage(): Promise<boolean> {
    const { changes, cases } = this.#parts
    const page = await changes.since(this.#cursor)
    if (page === 'resync') {
      const end = await changes.end()
      this.#take(everythingIn(cases), end)
      this.#last = undefined
      return true
    }
    const { rows, cursor } = page
    if (rows.length === 0) return false
    const saves = await savesIn(rows, this.#last, cases)
    this.#last = saves.at(-1)?.incident
    this.#take(saves, cursor)
    return rows.length >= CHANGES_AT_ONCE
  }

  #take(saves: readonly Save[], behind: Cursor): void {
    const { followers } = this.#parts
    const todo = saves.flatMap(save => followers.map(follower => ({ save, follower })))
    const page: Page = { from: this.#cursor, todo, attempts: 0, due: 0, running: undefined }
    this.#cursor = behind
    this.#pages.push(page)
    this.#begin(page)
  }

  #begin(page: Page): void {
    page.running = this.#carryOut(page).finally(() => {
      page.running = undefined
      this.#pages = this.#pages.filter(one => one.running !== undefined || one.todo.length > 0)
    })
  }

  async #carryOut(page: Page): Promise<void> {
    const { now, trouble } = this.#parts
    const failed: Todo[] = []
    const away: Todo[] = []
    const carry = async (one: Todo) => {
      try {
        await one.follower.follow(one.save)
      } catch (error) {
        failed.push(one)
        if (error instanceof StoreUnavailable) away.push(one)
        trouble(error, one.follower.name)
      }
    }
    for (let i = 0; i < page.todo.length; i += TOGETHER)
      await Promise.all(page.todo.slice(i, i + TOGETHER).map(carry))
    page.attempts++
    page.due = now() + Math.min(LONGEST_WAIT, SECOND * 2 ** (page.attempts - 1))
    // A store that is away comes back: what must not be lost waits for it.
    page.todo = page.attempts < MAX_ATTEMPTS ? failed : away
    if (page.todo.length < failed.length)
      trouble(new Error(`given up after ${MAX_ATTEMPTS} attempts`), 'what follows from decisions')
  }
}
