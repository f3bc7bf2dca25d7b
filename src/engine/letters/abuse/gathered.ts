// What goes into the next reports to other networks, and which contact was told when: for staff to look at.

import type { AbuseReporting, GatheredReport } from '../../../model/gathered-report.ts'
import { isReported, type Sighting } from '../../../model/sighting.ts'
import { type AbuseReportParts, dueAt, type ToldContact } from './abuse-reports.ts'

/** By contact, then by machine. */
function abuseReporting(
  { sightings, records, told }: Pick<AbuseReportParts, 'sightings' | 'records' | 'told'>,
  at: number,
): AbuseReporting {
  const isKnown = sightings.knowsClean(at)
  const rows = [...records.all()].flatMap(one => {
    const contact = sightings.contactOf(one.sample.address)?.contact
    return contact === undefined ? [] : [{ contact, one, why: whyNot(one, isKnown) }]
  })
  const firsts = new Map<string, number>()
  for (const { contact, one, why } of rows)
    if (why === undefined) firsts.set(contact, Math.min(firsts.get(contact) ?? Infinity, one.first))
  const gathered = rows.map(({ contact, one, why }): GatheredReport => {
    const { id: machine, first, last, seen } = one
    const row = { contact, machine, first, last, seen }
    if (why !== undefined) return { ...row, notYet: why }
    return { ...row, due: dueAt(told.get(contact), firsts.get(contact) ?? first) }
  })
  return {
    gathered: gathered.toSorted(
      (a, b) => order(a.contact, b.contact) || order(a.machine, b.machine),
    ),
    told: [...told.all()].map(toldOf).toSorted((a, b) => order(a.contact, b.contact)),
  }
}

const toldOf = ({ id: contact, at, number }: ToldContact) => ({ contact, at, number })

/** Undefined: it is reported. */
function whyNot(one: Sighting, isKnown: boolean): GatheredReport['notYet'] {
  if (isReported({ ...one, clean: one.clean || !isKnown })) return undefined
  return isReported({ ...one, clean: false }) ? 'clean' : 'few'
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Undefined where no contact is named. */
export const reportingOf = (parts: AbuseReportParts | undefined, now: () => number) =>
  parts && (() => abuseReporting(parts, now()))
