// What is known of one exporter and observation domain beside its templates: whether packets were lost on the way, and which template it
// has not told. Sequence numbers count records (NetFlow 5, IPFIX) or packets (NetFlow 9); an exporter that counts otherwise seems to lose.

import { formatDuration, MINUTE } from '../../model/duration.ts'
import type { FlowExporter } from '../../ports/reading.ts'
import type { Worry } from '../../wire/sensor.ts'

export type SequenceUnit = FlowExporter['unit']

/** What is counted for a worry: in this part of time and the one before. */
const PART = 10 * MINUTE
/** Of a hundred. */
const MUCH_LOST = 1
/** An exporter tells its templates again after ten minutes to half an hour, as it is set up. */
const TEMPLATE_DUE = 15 * MINUTE
/** A larger step is no loss: the exporter began anew. */
const MAX_STEP = 1_000_000
/** A packet may be overtaken by others with so many records or packets. */
const MAX_OVERTAKEN = 1000
/** Templates of one domain that are waited for. */
const MAX_WAITING = 64
const WRAP = 2 ** 32

type LossWindow = { readonly number: number; heard: number; lost: number }

export class ExporterTally {
  readonly name: string
  readonly domain: number
  readonly #unit: SequenceUnit
  #heard = 0
  #lost = 0
  #next: number | undefined
  #parts: readonly [LossWindow, LossWindow] = [emptyPart(-1), emptyPart(-1)]
  #templateAt: number | undefined
  readonly #waiting = new Map<number, { readonly since: number; last: number }>()
  readonly #unreadable = new Set<number>()

  constructor(name: string, domain: number, unit: SequenceUnit) {
    this.name = name
    this.domain = domain
    this.#unit = unit
  }

  /** A packet with this number has so many; undefined where that cannot be known, because a template has not come. */
  heard(sequence: number, count: number | undefined, now: number): void {
    const part = this.#partOf(now)
    const step = this.#next === undefined ? 0 : (sequence - this.#next + WRAP) % WRAP
    const behind = step === 0 ? 0 : WRAP - step
    const had = count ?? 0
    this.#heard += had
    part.heard += had
    if (had > 0 && behind > 0 && behind <= MAX_OVERTAKEN && this.#lost >= had) {
      // It was overtaken, and is not lost.
      this.#lost -= had
      part.lost = Math.max(0, part.lost - had)
      return
    }
    if (step > 0 && step <= MAX_STEP) {
      this.#lost += step
      part.lost += step
    }
    this.#next = count === undefined ? undefined : (sequence + count) % WRAP
  }

  toldTemplate(id: number, now: number): void {
    this.#templateAt = now
    this.#waiting.delete(id)
    this.#unreadable.delete(id)
  }

  /** It was told, as something that cannot be read: nor can its records. */
  unreadableTemplate(id: number): void {
    if (this.#unreadable.size < MAX_WAITING) this.#unreadable.add(id)
  }

  misses(id: number, now: number): void {
    const known = this.#waiting.get(id)
    if (known) known.last = now
    else if (this.#waiting.size < MAX_WAITING) this.#waiting.set(id, { since: now, last: now })
  }

  state(now: number, templates: number): FlowExporter {
    const at = this.#templateAt
    return {
      name: this.name,
      domain: this.domain,
      unit: this.#unit,
      heard: this.#heard,
      lost: this.#lost,
      templates,
      ...(at === undefined ? {} : { templateAge: now - at }),
      waiting: [...this.#waiting.keys()],
    }
  }

  worries(now: number): Worry[] {
    const about = `flows ${this.name} domain ${this.domain}`
    this.#partOf(now)
    const [one, other] = this.#parts
    const lost = one.lost + other.lost
    const all = lost + one.heard + other.heard
    const gap =
      lost * 100 >= all * MUCH_LOST && lost > 0
        ? [
            {
              what: 'sequence gap',
              about,
              words: `${lost} of ${all} ${this.#unit} were lost on the way in the last ten to twenty minutes`,
            },
          ]
        : []
    const unreadable = [...this.#unreadable].map(id => ({
      what: 'template unreadable',
      about,
      words: `template ${id} was told as something that cannot be read: nor can its records`,
    }))
    return [...gap, ...unreadable, ...this.#templateGaps(about, now)]
  }

  #templateGaps(about: string, now: number): Worry[] {
    return [...this.#waiting].flatMap(([id, { since, last }]) => {
      // It sends no such records any more.
      if (now - last > TEMPLATE_DUE) this.#waiting.delete(id)
      if (now - last > TEMPLATE_DUE || now - since < TEMPLATE_DUE) return []
      const words = `records of template ${id} came for ${formatDuration(now - since)}, and it was not told`
      return [{ what: 'template gap', about, words }]
    })
  }

  #partOf(now: number): LossWindow {
    const number = Math.floor(now / PART)
    const [last] = this.#parts
    if (last.number === number) return last
    const fresh = emptyPart(number)
    this.#parts = [fresh, last.number === number - 1 ? last : emptyPart(-1)]
    return fresh
  }
}

const emptyPart = (number: number): LossWindow => ({ number, heard: 0, lost: 0 })
