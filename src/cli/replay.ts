// `cordon replay`: another policy over the past, from the journal. No backend is asked, nothing is changed.

import { join } from 'node:path'
import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { policyOf } from '../config/policy-of.ts'
import type { Config } from '../config/schema.ts'
import type { Rule } from '../core/policy/rule.ts'
import { shippedRules } from '../core/policy/shipped-rules.ts'
import { subscriberOf } from '../drivers/directory/take-over.ts'
import { readJournal } from '../drivers/journal/read-journal.ts'
import { domainOf } from '../model/mail-address.ts'
import { batv } from '../mail/batv.ts'
import { DAY, formatDuration } from '../model/duration.ts'
import type { Stage } from '../model/step.ts'
import type { Lease } from '../model/lease.ts'
import type { Event, EventOf } from '../model/event.ts'
import { stepsOf } from '../sensors/mail-log/past-mail.ts'
import { PastMails } from '../sensors/mail-log/past-mails.ts'
import { readLog } from '../wire/log-lines/read-log.ts'
import { startReplay } from '../simulation/virtual/replay.ts'
import {
  type Difference,
  type PolicyReplayed,
  replayPolicy,
} from '../simulation/virtual/replay-policy.ts'
import { sayUnreadable } from './say-unreadable.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT, sayingWhy, spanOf } from './shared-options.ts'
import { USUAL_DATA, usualData } from './usual-places.ts'

type ReplayOptions = {
  readonly policy: string
  readonly since: string
  readonly data?: string
  readonly log?: string
  readonly enforce?: boolean
  readonly json?: boolean
}

/** The journal keeps no more; windows that are longer begin with what there is. */
const LONGEST_WINDOW = 7 * DAY

export function replayCommand(): Command {
  return new Command('replay')
    .requiredOption('--policy <file>', 'a configuration file with the draft')
    .option('--since <span>', 'how far back, such as 24h or 7d', '7d')
    .option('--enforce', 'enforce every rule that is in observe')
    .option('--log <file>', 'log of another mail server, instead of the journal; also compressed')
    .option('--data <folder>', `data folder, for its journal; ${USUAL_DATA}`)
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async (given: ReplayOptions) => {
        const span = spanOf(given.since)
        const draft = loadConfig(given.policy)
        const since = Date.now() - span
        const journal =
          given.log === undefined
            ? readJournal(
                join(given.data ?? (await usualData()), 'journal'),
                since - LONGEST_WINDOW,
                {
                  unreadable: sayUnreadable,
                },
              )
            : await importedLog(given.log, draft)
        const then: EventOf<'decision-made'>[] = []
        const evidence = await startReplay(evidenceSettings(draft))
        const replayed = await replayPolicy(journal, {
          rules: rulesOf(draft, given.enforce === true),
          since,
          others: async event => {
            if (event.kind === 'decision-made') then.push(event)
            else await evidence.feed(event)
          },
        })
        const recent = (all: readonly EventOf<'decision-made'>[]) =>
          all.filter(one => one.at >= since && one.what !== 'hold')
        const contained = { then: recent(then), draft: recent(await evidence.end()) }
        if (given.json) sayJson({ ...replayed, contained })
        else console.log(shown(replayed, contained, span))
      }),
    )
}

/** In order of time: a log tells of a message when it is done with it. */
async function importedLog(file: string, { domains, hostname }: Config): Promise<readonly Event[]> {
  const now = Date.now()
  const log = new PastMails()
  await readLog(file, { now, line: ({ line }) => log.line(line) })
  const isLocal = (domain: string) => domains.includes(domain)
  const options = { isLocal, domain: domains[0] ?? hostname }
  return log.end().flatMap(mail => stepsOf(mail, options))
}

/** The draft's rules; local addresses are known by their domains alone. */
function rulesOf(draft: Config, enforce: boolean): readonly Rule[] {
  const domains = new Set(draft.domains)
  const rules = shippedRules({
    ...policyOf(draft),
    isLocal: domain => domains.has(domain),
    isOurs: address => domains.has(domainOf(address)),
    ourNames: [draft.hostname, ...draft.domains],
    // Tags cannot be checked: they are hidden with the addresses.
    tags: batv(''),
  })
  return enforce ? rules.map(rule => ({ ...rule, mode: 'enforce' as const })) : rules
}

/** The customers and leases that evidence is booked to: those of the draft. */
function evidenceSettings(draft: Config) {
  const { subscribers, leases, domains, budgets } = draft
  return {
    subscribers: subscribers.map(subscriberOf),
    leases: leases.map(
      ({ ports, ...lease }): Lease => ({ ...lease, ...(ports ? { ports } : {}), from: 0 }),
    ),
    domains,
    forwards: {},
    policy: policyOf(draft),
    budgets,
  }
}

type Contained = Readonly<Record<'then' | 'draft', readonly EventOf<'decision-made'>[]>>

function shown(
  { compared, warmedUp, differences, lost, unknown }: PolicyReplayed,
  contained: Contained,
  span: number,
): string {
  const out = [
    `${compared.toLocaleString('en')} steps of the last ${formatDuration(span)} judged again, after ${warmedUp.toLocaleString('en')} older ones that filled the counters.`,
    '',
  ]
  if (differences.length === 0) out.push('Nothing would have been otherwise.')
  for (const one of differences) {
    out.push(`${one.rule}, at ${one.stage}: ${one.before} -> ${one.after}, ${timesOf(one)}`)
    for (const event of one.examples) out.push(`    ${example(event)}`)
  }
  if (lost > 0)
    out.push(
      '',
      `${lost.toLocaleString('en')} more were not written down: there were too many at once.`,
    )
  const missing = Object.entries(unknown)
  if (missing.length > 0) {
    const counts = missing.map(([about, count]) => `${about} ${count.toLocaleString('en')}`)
    out.push(
      '',
      `Not known, because it was not looked up then: ${counts.join(', ')}. Rules that need it said nothing.`,
    )
  }
  out.push('', ...containedLines(contained))
  return out.join('\n')
}

/** A message may have a step for each of its recipients before its own. */
function timesOf({ stage, count }: Difference): string {
  const [one, many] = COUNTED[stage] ?? ['step', 'steps']
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

const COUNTED: Readonly<Partial<Record<Stage, readonly [string, string]>>> = {
  rcpt: ['recipient', 'recipients'],
  message: ['message', 'messages'],
}

/** Lines and logins that the draft would have contained, and those that were contained and it would not have contained. */
function containedLines({ then, draft }: Contained): string[] {
  const key = ({ subject, what }: EventOf<'decision-made'>) => `${subject} ${what}`
  const [before, after] = [new Set(then.map(key)), new Set(draft.map(key))]
  if (before.size + after.size === 0)
    return ['No line or login would have been contained, and none was.']
  return [
    ...[...after].map(one => `contained: ${one}${before.has(one) ? '' : ' (was not)'}`),
    ...[...before].filter(one => !after.has(one)).map(one => `not contained: ${one} (was)`),
  ]
}

function example({ at, who, step }: Difference['examples'][number]): string {
  const to = step.recipient ?? step.recipients?.join(', ') ?? ''
  const from = who.login ?? who.address
  return `${new Date(at).toISOString()} ${from} (${step.helo ?? ''}) <${step.sender ?? ''}> to ${to}`
}
