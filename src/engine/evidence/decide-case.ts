// What evidence by episodes decides of a line or login is in force: its case is changed by it, the fuse is asked, and what follows is told.

import type { SubjectRecord } from '../../core/detection/episodes/state.ts'
import type { Stepped } from '../../core/detection/episodes/step.ts'
import { FORGOTTEN_A_DAY, HOLD_ENDS, TOLL } from '../../core/detection/episodes/tables.ts'
import { thresholds } from '../../core/detection/sum.ts'
import { LEAST_USUAL } from '../../core/detection/usual-rate.ts'
import { advanceAsked, type AskedLevel, type AskedOf, isAsked } from '../../core/isolation/asked.ts'
import type { Advanced } from '../../core/isolation/advance.ts'
import { fuseOp } from '../../core/isolation/fuse.ts'
import { stops } from '../../model/decision.ts'
import type { IsolationsByMail } from '../../model/episode.ts'
import { EVIDENCE_KINDS, type EvidenceKind, type Subject } from '../../model/evidence.ts'
import type { EvidenceParts } from './add-evidence.ts'
import { caseChanged, decisionEnded, decisionMade } from './case-events.ts'
import { changeCase } from './change-case.ts'
import { ownerOf } from './gather.ts'

export type DecideParts = {
  readonly evidence: EvidenceParts
  readonly isolateByMail: IsolationsByMail
}

/** How a step asks for it. */
export function askedOf(subject: Subject, stepped: Stepped, at: number): AskedLevel {
  const { decision, suspicion, sum, kinds, state } = stepped
  const { numbers } = state
  return {
    subject,
    at,
    decision,
    suspicion,
    sum,
    kinds: EVIDENCE_KINDS.filter(one => (kinds as readonly string[]).includes(one)),
    refuses: refusedFrom(state),
    newSince: numbers.z > TOLL ? numbers.episodeFrom : 0,
  }
}

const refusedFrom = ({ networks }: SubjectRecord): readonly number[] =>
  networks
    .filter(one => one.refused)
    .map(({ hash }) => hash)
    .toSorted((a, b) => a - b)

const ENDS = { below: HOLD_ENDS, perDay: FORGOTTEN_A_DAY }

/** Resolves when it is saved; told once, whatever is asked again. */
export async function decideCase(
  { evidence, isolateByMail }: DecideParts,
  asked: AskedLevel,
): Promise<void> {
  const { cases, names, subscribers, budgets } = evidence
  const { subject, at, decision } = asked
  if (!isAsked(decision, cases.inForce(subject))) return
  const owner = ownerOf(subscribers, subject)
  const fresh = { id: names.record(), caseCode: names.caseCode(), decision: names.record() }
  const changed = await changeCase(cases, subject, async ({ incident, inForce, epoch }) => {
    const limits = thresholds(LEAST_USUAL, budgets, incident?.status)
    const { id, caseCode } = fresh
    const file: AskedOf['file'] = {
      id,
      rev: 0,
      caseCode,
      subject,
      ...(owner ? { subscriber: owner.id } : {}),
      openedAt: at,
      sum: 0,
      holdAt: limits.hold,
      containAt: limits.contain,
      kinds: [] as readonly EvidenceKind[],
      epoch,
    }
    const plan = owner?.plan ?? 'consumer'
    const found = { asked, incident, inForce, file, plan, isolateByMail, ends: ENDS }
    return fused(evidence, { ...found, decision: fresh.decision, fuseBlown: false })
  })
  if (changed) for (const following of consequences(changed, at)) evidence.note(following)
}

/** Where it stops the subject the fuse is asked, and takes it: once of each decision. */
async function fused(parts: EvidenceParts, found: AskedOf): Promise<Advanced | undefined> {
  const advanced = advanceAsked(found)
  if (!advanced?.decisions.some(stops)) return advanced
  const { subject, at } = found.asked
  const once = `fuse/episodes/${subject}/${found.file.epoch}/${found.asked.newSince}`
  const ops = [fuseOp(parts.customers())]
  const counted = await parts.counters.apply({ once, at, mode: 'take', ops })
  const isBlown = 'failed' in counted || !(counted.taken || counted.repeated)
  return isBlown ? advanceAsked({ ...found, fuseBlown: true }) : advanced
}

const consequences = ({ incident, opened, changed, decisions, ended }: Advanced, at: number) => [
  ...(changed ? [caseChanged(incident, at, opened)] : []),
  ...decisions.filter(one => one.at === at).map(one => decisionMade(one, at)),
  ...ended.map(one => decisionEnded(one, at)),
]
