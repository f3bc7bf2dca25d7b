// `cordon incident`: the cases, one case, and what may be done about it.

import { Command } from 'commander'
import {
  DECISIONS,
  type Decision,
  type DecisionKind,
  LONGEST,
  MAX_REDIRECTED,
  QUIET_FOR,
} from '../model/decision.ts'
import { formatDuration, HOUR } from '../model/duration.ts'
import { type LedgerRow, staffWords } from '../model/evidence.ts'
import type { Incident } from '../model/incident.ts'
import type { OptOut } from '../model/opt-out.ts'
import { beginsAnew, RELEASED } from './begins-anew.ts'
import { type EpisodesTold, episodeWords } from './episode-words.ts'
import { ask, type ControlOptions, order } from './control-client.ts'
import { NoServer, UsageError } from './failures.ts'
import { askList, type ListOptions, listOptions, sayList } from './list-pages.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, DRY_RUN, hoursOf, sayingWhy, sayOutcome } from './shared-options.ts'
import { table, when } from './table.ts'

type OneCase = {
  incident: Incident
  decisions: Decision[]
  evidence: LedgerRow[]
  truncated: boolean
  /** What its mail says, where nothing else does: of a case that the window or its mail alone has made. */
  episodes?: EpisodesTold
}

type HeldOptions = {
  readonly sendHeld?: true
  readonly purgeHeld?: true
  readonly dryRun?: true
}

export function incidentCommand(): Command {
  const list = listOptions(
    new Command('list')
      .description('open cases, the one that was opened last first (the default command)')
      .option('--all', 'closed cases, too')
      .option('--in-force', 'only cases with a decision in force, such as an isolation'),
  ).action(
    sayingWhy(async (options: ListOptions & { all?: true; inForce?: true }) => {
      const query = {
        ...(options.all ? { all: 'true' } : {}),
        ...(options.inForce ? { inForce: 'true' } : {}),
      }
      sayList(options, await askList<Incident>(options, '/incidents', query), listed)
    }),
  )
  const show = controlOptions(
    new Command('show')
      .description(
        'show one incident with its evidence and decisions, by its id or case code; or list all cases of a line or login',
      )
      .argument('<id>', 'id or case code; or line:CUSTOMER, login:NAME'),
  ).action(
    sayingWhy(async (id: string, options: ControlOptions) => {
      if (/^(?:line|login):/.test(id)) return await showAll(options, id)
      const found = await caseOrRequest(options, id)
      const one = 'code' in found ? found : await withEpisodes(options, found)
      if (options.json) return sayJson(one)
      console.log('code' in one ? requested(one) : shown(one))
    }),
  )
  const release = controlOptions(
    new Command('release')
      .description(
        'end all decisions of an incident; suspicious mail stays held for a decision, mail over a limit until the limit has room',
      )
      .argument('<id>', 'id or case code')
      .option('--send-held', 'send the mail that the case holds, also later, when the case is over')
      .option('--purge-held', 'delete it')
      .option('--dry-run', DRY_RUN),
  ).action(
    sayingWhy(async (id: string, options: ControlOptions & HeldOptions) => {
      const { sendHeld, purgeHeld, dryRun } = options
      if (sendHeld && purgeHeld) throw new UsageError('say --send-held or --purge-held')
      const held = sendHeld ? 'send' : purgeHeld ? 'purge' : undefined
      sayOutcome(
        options,
        await order(options, {
          kind: 'release',
          incident: (await caseOf(options, id)).incident.id,
          ...(held ? { held } : {}),
          ...(dryRun ? { dryRun } : {}),
        }),
      )
    }),
  )
  const impose = controlOptions(
    new Command('impose')
      .description('make a decision by hand')
      .argument('<subject>', 'line:CUSTOMER or login:NAME')
      .argument('<decision>', DECISIONS.join(', '))
      .option(
        '--hours <n>',
        `for how long: hours, such as 48, or with a unit, such as 30m or 2d; at least 6m; ${QUIET_FOR / HOUR}, and ${MAX_REDIRECTED / HOUR} for redirect-25, without it. At most: ${longest()}`,
      )
      .requiredOption('--why <text>', 'the reason, for the case file')
      .option('--no-letter', 'do not write to the owner')
      .option('--dry-run', DRY_RUN),
  ).action(
    sayingWhy(
      async (
        subject: string,
        decision: DecisionKind,
        options: ControlOptions & { hours?: string; why: string; letter: boolean; dryRun?: true },
      ) => {
        sayOutcome(
          options,
          await order(options, {
            kind: 'impose',
            subject,
            decision,
            ...(options.hours === undefined ? {} : { hours: hoursOf(options.hours) }),
            why: options.why,
            ...(options.letter ? {} : { letter: false }),
            ...(options.dryRun ? { dryRun: true } : {}),
          }),
        )
      },
    ),
  )
  return new Command('incident')
    .addCommand(list, { isDefault: true })
    .addCommand(show)
    .addCommand(release)
    .addCommand(impose)
}

/** The decision of a case, as the list has it; of a case that is over, with the word `ended`. */
function decisionOf({ decision, status }: Incident): string {
  if (decision === undefined) return '-'
  return status === 'probation' || status === 'closed' ? `${decision}, ended` : decision
}

const longest = () => DECISIONS.map(kind => `${kind} ${formatDuration(LONGEST[kind])}`).join(', ')

/** A case by its id or code. */
const caseOf = (options: ControlOptions, given: string): Promise<OneCase> =>
  ask<OneCase>(options, `/incidents/${encodeURIComponent(given)}`)

async function withEpisodes(options: ControlOptions, one: OneCase): Promise<OneCase> {
  if (one.evidence.length > 0) return one
  const { episodes } = await ask<{ episodes?: EpisodesTold }>(
    options,
    `/evidence/${encodeURIComponent(one.incident.subject)}`,
  )
  return episodes ? { ...one, episodes } : one
}

/** Lists the cases of a line or login, also those that are over. */
async function showAll(options: ControlOptions, subject: string): Promise<void> {
  const asked = { ...options, limit: Number.POSITIVE_INFINITY }
  const found = await askList<Incident>(asked, '/incidents', { all: 'true', subject })
  sayList(asked, found, rows => (rows.length === 0 ? `${subject} has no case.` : listed(rows)))
}

/** Letters about port 25 bear a code, too: that of the request. */
async function caseOrRequest(options: ControlOptions, given: string): Promise<OneCase | OptOut> {
  try {
    return await caseOf(options, given)
  } catch (error) {
    if (error instanceof NoServer || error instanceof UsageError) throw error
    const all = await ask<OptOut[]>(options, '/opt-outs')
    const found = all.find(one => one.code === given.toUpperCase())
    if (!found) throw error
    return found
  }
}

const requested = ({ code, subscriber, kind, state, askedAt }: OptOut): string =>
  [
    `${code} is no case: customer ${subscriber} asked for port 25 (${kind}) on ${when(askedAt)}; ${state}.`,
    `More: cordon opt-out list --all; cordon subscriber show ${subscriber}`,
  ].join('\n')

function listed(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return 'No open cases.'
  return table(
    ['CASE', 'SINCE', 'STATUS', 'DECISION', 'SUM', 'SUBJECT', 'SUMMARY'],
    incidents.map(one => [
      one.caseCode,
      when(one.openedAt),
      one.status,
      decisionOf(one),
      `${one.sum.toFixed(1)}/${one.containAt.toFixed(1)}`,
      one.subject,
      one.summary,
    ]),
  )
}

/** Less is shown as 0.0. */
const WORTH_SAYING = 0.05

function shown({ incident, decisions, evidence, truncated, episodes }: OneCase): string {
  const parts = [
    `Case ${incident.caseCode} (${incident.id})  ${incident.subject}  ${incident.status}`,
    incident.summary,
    '',
    evidence.length === 0
      ? `Nothing is added up by the table.${episodes ? ` What its mail says now:\n${episodeWords(episodes)}` : ''}`
      : table(
          ['EVIDENCE', 'NATS', 'SUM', 'WHY'],
          evidence.flatMap((row, i) => [
            ...(beginsAnew(evidence[i - 1], row) ? [['', '', '0.0', RELEASED]] : []),
            [when(row.at), `+${row.nats.toFixed(1)}`, row.sum.toFixed(1), staffWords(row)],
          ]),
        ),
  ]
  if (truncated) parts.push('Older evidence is not kept.')
  const [first] = evidence
  const before = first ? first.sum - first.nats : 0
  if (before >= WORTH_SAYING)
    parts.push(
      `The sum was ${before.toFixed(1)} nats already when the case was opened. What they are of: cordon evidence ${incident.subject}`,
    )
  if (decisions.length > 0) {
    const rows = decisions.map(one => [
      when(one.at),
      one.kind,
      one.by,
      one.endedAt === undefined ? when(one.until) : `ended ${when(one.endedAt)} (${one.endedBy})`,
    ])
    parts.push('', table(['DECIDED', 'WHAT', 'BY', 'ENDS'], rows))
  }
  return parts.join('\n')
}
