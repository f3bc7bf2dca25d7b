// Open cases and decisions in force, kept in memory beside the ledger: every step of every session asks for them.

import { type Decision, restricts, stops } from '../../model/decision.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { SavedCase } from '../../ports/cases.ts'

const NONE: readonly Decision[] = Object.freeze([])

export class StandingCases {
  readonly #open = new Map<Subject, Incident>()
  readonly #epochs = new Map<Subject, number>()
  readonly #revs = new Map<Subject, number>()
  readonly #moved = new Map<Subject, number>()
  readonly #inForce = new Map<Subject, readonly Decision[]>()

  open(subject: Subject): Incident | undefined {
    return this.#open.get(subject)
  }

  epoch(subject: Subject): number {
    return this.#epochs.get(subject) ?? 0
  }

  rev(subject: Subject): number {
    return this.#revs.get(subject) ?? 0
  }

  moved(subject: Subject): number {
    return this.#moved.get(subject) ?? 0
  }

  openCases(): readonly Incident[] {
    return [...this.#open.values()]
  }

  inForce(subject: Subject): readonly Decision[] {
    // On most days nothing is in force at all: then no name is looked up.
    return (this.#inForce.size > 0 ? this.#inForce.get(subject) : undefined) ?? NONE
  }

  allInForce(): readonly Decision[] {
    return [...this.#inForce.values()].flat()
  }

  /** The case with its new `rev`, now in force; undefined when it was changed since it was read. */
  change({
    expectedRev,
    incident,
    decisions,
  }: Pick<SavedCase, 'expectedRev' | 'incident' | 'decisions'>) {
    const { subject } = incident
    if (this.rev(subject) !== expectedRev) return undefined
    if (incident.status === 'contained' && !this.#after(subject, decisions).some(stops))
      throw new Error(`the case of ${subject} would be contained, and nothing would enforce it`)
    if (incident.status === 'probation' && this.#after(subject, decisions).some(restricts))
      throw new Error(`the case of ${subject} would be in probation, and restricted all the same`)
    const saved: Incident = { ...incident, rev: expectedRev + 1 }
    this.putIncident(saved)
    for (const decision of decisions) this.putDecision(decision)
    return saved
  }

  #after(subject: Subject, decisions: readonly Decision[]): readonly Decision[] {
    const mine = decisions.filter(one => one.subject === subject)
    const others = this.inForce(subject).filter(one => !mine.some(({ id }) => id === one.id))
    return [...others, ...mine.filter(one => one.endedAt === undefined)]
  }

  putIncident(incident: Incident): void {
    this.#revs.set(incident.subject, Math.max(incident.rev, this.rev(incident.subject)))
    this.#moved.set(incident.subject, incident.moved ?? 0)
    if (incident.epoch > 0) this.#epochs.set(incident.subject, incident.epoch)
    if (incident.status !== 'closed') this.#open.set(incident.subject, incident)
    else if (this.#open.get(incident.subject)?.id === incident.id)
      this.#open.delete(incident.subject)
  }

  putDecision(decision: Decision): void {
    const others = this.inForce(decision.subject).filter(one => one.id !== decision.id)
    const now = decision.endedAt === undefined ? [...others, decision] : others
    if (now.length > 0) this.#inForce.set(decision.subject, now)
    else this.#inForce.delete(decision.subject)
  }
}
