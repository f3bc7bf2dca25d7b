// How an exporter samples, as it told in records of options: each of its samplers by its id, or all of it at once.

/** Samplers of one exporter and domain. */
const MAX_SAMPLERS = 256

export class Sampling {
  readonly #bySampler = new Map<number, number>()
  #whole: number | undefined
  #least: number | undefined

  /** `sampler`: its id; undefined where the exporter tells of all its records. */
  learn(every: number, sampler: number | undefined): void {
    if (every < 1) return
    if (sampler === undefined) {
      this.#whole = every
      return
    }
    if (this.#bySampler.size >= MAX_SAMPLERS && !this.#bySampler.has(sampler)) return
    this.#bySampler.set(sampler, every)
    this.#least = Math.min(...this.#bySampler.values())
  }

  /** Of a record that names no sampler: with several, the least, so that nothing is taken for more than it was. */
  get unnamed(): number {
    return this.#whole ?? this.#least ?? 1
  }

  /** 0 is no sampler, where an exporter has samplers; one that was not told is as the exporter says of all. */
  of(sampler: number): number {
    return this.#bySampler.get(sampler) ?? this.#whole ?? 1
  }
}
