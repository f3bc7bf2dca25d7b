// Open cases and decisions in force, kept in memory beside the ledger: every step of every session asks for them.

import type { Decision } from '../../model/decision.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'

const NONE: readonly Decision[] = Object.freeze([])

export class Standing {
  readonly #open = new Map<Subject, Incident>()
  readonly #epochs = new Map<Subject, number>()
  readonly #inForce = new Map<Subject, readonly Decision[]>()

  open(subject: Subject): Incident | undefined {
    return this.#open.get(subject)
  }

  epoch(subject: Subject): number {
    return this.#epochs.get(subject) ?? 0
  }

  inForce(subject: Subject): readonly Decision[] {
    return this.#inForce.get(subject) ?? NONE
  }

  allInForce(): readonly Decision[] {
    return [...this.#inForce.values()].flat()
  }

  putIncident(incident: Incident): void {
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
