// `cordon feedback reports`: what Cordon tells other networks of their machines: gathered now, and told before.

import { Command } from 'commander'
import type { AbuseReporting, GatheredReport } from '../model/gathered-report.ts'
import { SEEN } from '../model/sighting.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { table, when } from './table.ts'

export const reportsCommand = (): Command =>
  controlOptions(
    new Command('reports').description(
      'reports to other networks: machines that are gathered for the next one, and when each contact was told',
    ),
  ).action(
    sayingWhy(async (options: ControlOptions) => {
      const found = await ask<AbuseReporting>(options, '/abuse-reports')
      if (options.json) sayJson(found)
      else console.log([gathered(found), ...told(found)].join('\n'))
    }),
  )

function gathered({ gathered: rows }: AbuseReporting): string {
  if (rows.length === 0)
    return 'No machine of a network that is named was seen since its contact was told.'
  return table(
    ['CONTACT', 'MACHINE', 'SEEN', 'FIRST', 'LAST', 'NEXT REPORT'],
    rows.map(one => [
      one.contact,
      one.machine,
      SEEN.flatMap(kind => (one.seen[kind] ? [`${kind} ${one.seen[kind]}`] : [])).join(', '),
      when(one.first),
      when(one.last),
      nextOf(one),
    ]),
  )
}

const NOT_YET = {
  few: 'none: too few messages so far',
  clean: 'none: it sent ordinary mail, too, or that is not known yet',
} as const

const nextOf = ({ due, notYet }: GatheredReport): string =>
  notYet === undefined ? (due === undefined ? '-' : `${when(due)} or soon after`) : NOT_YET[notYet]

const told = ({ told: rows }: AbuseReporting): readonly string[] =>
  rows.map(
    ({ contact, at, number }) =>
      `Report ${number} to ${contact} was written at ${when(at)}; what it told of an address: cordon events ADDRESS.`,
  )
