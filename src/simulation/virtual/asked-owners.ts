// Owners are asked once a day when mail of theirs begins to wait. Some answer, in the portal with a second factor: it was me, or it was not. Of
// those who answer for a bot few are mistaken. Their word counts once in 14 days.

import { DAY, HOUR } from '../../model/duration.ts'
import type { Random } from '../population/random.ts'
import type { SubjectName } from './simulated-subjects.ts'

export type AnswerRates = {
  /** Of the owners, each time they are asked. */
  readonly share: number
  readonly meanHours: number
}

/** Of answers for a bot's mail: "it was me". [est] */
const MISTAKEN = 0.07
const WORD_EVERY = 14 * DAY

export class AskedOwners {
  readonly #rates: AnswerRates
  readonly #chance: Random
  readonly #asked = new Map<SubjectName, number>()
  readonly #said = new Map<SubjectName, number>()

  constructor(rates: AnswerRates, chance: Random) {
    this.#rates = rates
    this.#chance = chance
  }

  /** When they answer, if they are asked now and will. */
  answersAt(name: SubjectName, at: number): number | undefined {
    if (at - (this.#asked.get(name) ?? -Infinity) < DAY) return undefined
    this.#asked.set(name, at)
    if (!this.#chance.chance(this.#rates.share)) return undefined
    return at + this.#chance.wait(1 / (this.#rates.meanHours * HOUR))
  }

  /** `theirs`: the mail that waits is. */
  says(name: SubjectName, theirs: boolean, at: number): 'me' | 'not-me' | 'too-often' {
    if (!theirs && !this.#chance.chance(MISTAKEN)) return 'not-me'
    if (at - (this.#said.get(name) ?? -Infinity) < WORD_EVERY) return 'too-often'
    this.#said.set(name, at)
    return 'me'
  }
}
