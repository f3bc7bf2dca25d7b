// `cordon evidence`: the sum of a line or login as a ledger: when, what, how many nats, why, what was forgotten.

import { Command } from 'commander'
import { MAX_SUM } from '../core/detection/sum.ts'
import { type LedgerRow, staffWords } from '../model/evidence.ts'
import { foldAddress } from '../model/mail-address.ts'
import type { Subscriber } from '../model/subscriber.ts'
import { beginsAnew, RELEASED } from './begins-anew.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { type EpisodesTold, episodeWords } from './episode-words.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { table, when } from './table.ts'

export function evidenceCommand(): Command {
  return controlOptions(
    new Command('evidence').argument(
      '<who>',
      'customer number, mail account, line:CUSTOMER, login:NAME or source:ADDRESS',
    ),
  ).action(
    sayingWhy(async (who: string, options: ControlOptions) => {
      const subjects = await subjectsOf(options, who)
      const perSubject = await Promise.all(
        subjects.map(async subject => ({
          subject,
          ...(await ask<EvidencePage>(options, `/evidence/${encodeURIComponent(subject)}`)),
        })),
      )
      if (options.json)
        sayJson({
          rows: perSubject.flatMap(({ rows }) => rows),
          truncated: perSubject.some(({ truncated }) => truncated),
          episodes: perSubject.flatMap(({ episodes }) => episodes ?? []),
        })
      else
        console.log(
          perSubject
            .map(({ subject, episodes, ...kept }) =>
              [subject, ledger(kept), ...(episodes ? [episodeWords(episodes)] : [])].join('\n'),
            )
            .join('\n\n'),
        )
    }),
  )
}

async function subjectsOf(options: ControlOptions, who: string): Promise<string[]> {
  if (/^(?:line|login|source):/.test(who)) return [who]
  // A mail account, in any spelling; the line that the account is used on has another sum.
  if (who.includes('@')) return [`login:${foldAddress(who)}`]
  const { subscriber } = await ask<{ subscriber: Subscriber }>(
    options,
    `/subscribers/${encodeURIComponent(who)}`,
  )
  return [`line:${who}`, ...subscriber.logins.map(login => `login:${login.name}`)]
}

type EvidencePage = {
  readonly rows: readonly LedgerRow[]
  readonly truncated: boolean
  readonly episodes?: EpisodesTold
}

function ledger({ rows, truncated }: Omit<EvidencePage, 'episodes'>): string {
  if (rows.length === 0)
    return 'Nothing is added up by the table (what the network sees, sessions, traps).'
  const shown = rows.flatMap((row, i) => [
    ...(beginsAnew(rows[i - 1], row) ? [['', '', '', '0.0', '', RELEASED]] : []),
    rowOf(row),
  ])
  const lines = table(['WHEN', 'FORGOTTEN', 'NATS', 'SUM', 'KIND', 'WHY'], shown)
  return truncated ? `${lines}\nThese are the last ${rows.length}; older ones are not kept.` : lines
}

const rowOf = (row: LedgerRow): readonly string[] => [
  when(row.at),
  row.forgotten >= 0.05 ? `-${row.forgotten.toFixed(1)}` : '',
  `+${row.nats.toFixed(1)}`,
  row.sum >= MAX_SUM ? `${row.sum.toFixed(1)} (the most)` : row.sum.toFixed(1),
  row.kinds.join(',') || '-',
  staffWords(row),
]
