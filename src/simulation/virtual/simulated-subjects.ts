// The records of all subjects of a simulation, and what was decided of each. All that is judged is the core's.

import type { EpisodeDecision } from '../../core/detection/episodes/decide.ts'
import {
  type KindOfSubject,
  newRecord,
  type SubjectRecord,
} from '../../core/detection/episodes/state.ts'
import { type Observation, step, type Stepped } from '../../core/detection/episodes/step.ts'
import type { Allowance } from '../../core/detection/episodes/tables.ts'

/** `line:1`, `login:1` by owner, `source:7` by address. */
export type SubjectName = `${KindOfSubject}:${number}`

export type Changed = {
  readonly what: EpisodeDecision
  readonly before: EpisodeDecision
  readonly name: SubjectName
  readonly at: number
}

export class SimulatedSubjects {
  readonly #records = new Map<SubjectName, SubjectRecord>()
  readonly #decisions = new Map<SubjectName, EpisodeDecision>()
  readonly #allowance: Allowance
  readonly #decided: (changed: Changed) => void

  /** `decided`: called when it changes. */
  constructor(allowance: Allowance, decided: (changed: Changed) => void) {
    this.#allowance = allowance
    this.#decided = decided
  }

  of(name: SubjectName, at: number): SubjectRecord {
    const known = this.#records.get(name)
    if (known) return known
    const made = newRecord(name.slice(0, name.indexOf(':')) as KindOfSubject, at, this.#allowance)
    this.#records.set(name, made)
    return made
  }

  put(names: readonly SubjectName[], records: readonly SubjectRecord[]): void {
    for (const [i, name] of names.entries()) this.#records.set(name, records[i] as SubjectRecord)
  }

  step(name: SubjectName, observations: readonly Observation[], at: number): Stepped {
    const stepped = step(this.of(name, at), observations, at)
    this.#records.set(name, stepped.state)
    const before = this.#decisions.get(name) ?? 'pace'
    if (stepped.decision !== before) {
      this.#decisions.set(name, stepped.decision)
      this.#decided({ what: stepped.decision, before, name, at })
    }
    return stepped
  }
}
