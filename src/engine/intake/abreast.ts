// Messages of one line or login that are looked at at the same time: none of them knows what the others will say for infection. As many as
// are being taken; those of a subject are forgotten with the last of them.

import type { Subject } from '../../model/evidence.ts'

type Taking = { now: number; entered: number }

export class Abreast {
  readonly #taking = new Map<Subject, Taking>()

  /** Call before anything is read of them. `isAlone`: there was no other since then; call `leave` once, at the end. */
  enter(subjects: readonly Subject[]): {
    readonly isAlone: () => boolean
    readonly leave: () => void
  } {
    const mine = subjects.map(subject => {
      const taking = this.#taking.get(subject) ?? { now: 0, entered: 0 }
      this.#taking.set(subject, taking)
      taking.now++
      taking.entered++
      return { subject, taking, first: taking.now === 1, entered: taking.entered }
    })
    return {
      isAlone: () => mine.every(one => one.first && one.taking.entered === one.entered),
      leave: () => {
        for (const { subject, taking } of mine) if (--taking.now === 0) this.#taking.delete(subject)
      },
    }
  }
}
