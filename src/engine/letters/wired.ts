// As engine/wiring.ts, for what Cordon writes by itself: questions to owners, and reports to other networks.

import type { Engine } from '../../ports/engine.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { Reporter } from '../evidence/report.ts'
import type { AbuseReportParts } from './abuse/abuse-reports.ts'
import { Sightings } from './abuse/sightings.ts'
import type { AskParts } from './ask-owners.ts'
import type { NotifyParts } from './notify.ts'

/** Undefined where nothing is told to others. */
export const sightingsOf = ({ abuse }: EngineParts): Sightings | undefined =>
  abuse && new Sightings({ records: abuse.records, contacts: abuse.contacts })

/** `open` takes the reports. */
export function abuseReportsOf(
  { abuse, settings }: EngineParts,
  {
    sightings,
    open,
    reporter,
  }: Pick<Engine, 'open'> & {
    readonly sightings: Sightings | undefined
    readonly reporter: Reporter
  },
): AbuseReportParts | undefined {
  const { provider, ourName, mailDomain, dkim } = settings
  if (!abuse || !sightings) return undefined
  const { records, told } = abuse
  const us = { provider, ourName, mailDomain, dkim }
  return { sightings, records, told, engine: { open }, reporter, us }
}

export function askPartsOf(
  { spool, counters, trouble }: EngineParts,
  { reporter, notifier }: { readonly reporter: Reporter; readonly notifier: NotifyParts },
): AskParts {
  return { spool, counters, trouble, notifier, paying: (whom, at) => reporter.paying(whom, at) }
}
