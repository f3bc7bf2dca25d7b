// What came of a run: counted at the ends (the outside's arrivals, the clients' replies, the router's state), and
// what had to hold for the run to be good.

import type { DecisionKind } from '../../model/decision.ts'
import type { BotKind } from '../population/plan.ts'

export type BotReport = {
  readonly id: string
  readonly kind: BotKind
  readonly attempted: number
  readonly delivered: number
  readonly held: number
  readonly refused: number
  /** From its first attempt to the line closed or the login stopped; null when it never was. */
  readonly containedAfterMs: number | null
  /** How many attempts it had made by then. */
  readonly attemptsUntilContained: number | null
  readonly decision: DecisionKind | 'refuse-network' | null
}

export type PersonReport = {
  readonly id: string
  readonly sent: number
  readonly delivered: number
  /** Held, and delivered after its second look. */
  readonly delayed: number
  readonly refused: number
  readonly held: number
  readonly isolated: boolean
  readonly stopped: boolean
}

export type OwnerReport = {
  readonly id: string
  readonly sent: number
  readonly delivered: number
  readonly held: number
  /** From the decision to the release; null when it was not released. */
  readonly releasedAfterMs: number | null
  readonly lost: number
}

export type Report = {
  readonly seed: number
  readonly seconds: number
  readonly bots: readonly BotReport[]
  readonly people: readonly PersonReport[]
  readonly owners: readonly OwnerReport[]
}

/** What the story promises beyond the numbers. */
export type StoryEnd = {
  readonly ownerMailedAgain: boolean
  readonly loginReleased: boolean
  /** A bot that came back was contained again. With how many attempts is in the table, and chance: many may go to one organisation. */
  readonly relapseFound: boolean
  readonly noticesSent: number
}

/** Messages of spam that may get out of one bot in six hours: what a filter sees, half of it, and where there is none, only the window. */
const MAX_OUT = 5
const MAX_OUT_HALF_SEEN = 15
const MAX_OUT_WITHOUT_SCANNER = 40
type Right = readonly (BotReport['decision'] & string)[]
const RIGHT: Readonly<Record<BotKind, Right>> = {
  1: ['isolate'],
  2: ['refuse-network', 'stop-login'],
  3: ['hold', 'isolate'],
}

/** Everything that should have held and did not, as sentences; empty for a good run. */
export function complaints(
  report: Report,
  end: StoryEnd,
  how: {
    /** Share of spam that the filter takes for spam. */
    readonly sensitivity: number
    readonly none: boolean
    /** What evidence by episodes decides is in force: mail waits in the window, and a thief's network is refused. */
    readonly decides: boolean
  },
): string[] {
  const found: string[] = []
  const half = how.sensitivity < 0.8 ? MAX_OUT_HALF_SEEN : MAX_OUT
  const most = how.none ? MAX_OUT_WITHOUT_SCANNER : half
  for (const bot of report.bots) {
    // Without a scanner nothing is seen of spam by mail but new recipients, as of a mailing: it waits.
    const waits = how.none && (how.decides ? bot.kind !== 1 : bot.kind === 3)
    if (waits) {
      if (bot.held === 0) found.push(`mail of ${bot.id} did not wait`)
    } else if (bot.containedAfterMs === null || bot.decision === null)
      found.push(`${bot.id} was not contained`)
    else if (!RIGHT[bot.kind].includes(bot.decision))
      found.push(
        `${bot.id} was contained by ${bot.decision}, not by ${RIGHT[bot.kind].join(' or ')}`,
      )
    if (bot.delivered > most) found.push(`${bot.id} got ${bot.delivered} messages out`)
  }
  for (const person of report.people) {
    if (person.refused > 0) found.push(`${person.id} had ${person.refused} messages refused`)
    if (person.isolated) found.push(`${person.id} was isolated without a bot`)
    if (person.stopped) found.push(`${person.id} had a login stopped without a thief`)
    if (person.delivered + person.held < person.sent)
      found.push(
        `${person.id}: ${person.sent - person.delivered} of ${person.sent} messages did not arrive`,
      )
  }
  for (const owner of report.owners)
    if (owner.lost > 0) found.push(`${owner.id} lost ${owner.lost} messages`)
  // Where a network is refused, and mail waits, nothing was taken from its owner that could be given back.
  if (!end.ownerMailedAgain && !how.decides) found.push('no released owner could mail again')
  if (!end.loginReleased && !how.decides)
    found.push('the stolen login was not released by a new password')
  if (!end.relapseFound) found.push('the bot that came back was not found again')
  return found
}

/** The table at the end of a run. */
export function closingTable(report: Report): string {
  const kinds: Record<BotKind, string> = {
    1: 'straight to port 25',
    2: 'stolen password',
    3: "in its owner's mail",
  }
  const head = [
    'bot',
    'kind',
    'attempts',
    'out',
    'held',
    'refused',
    'contained by',
    'after',
    'attempts by then',
  ]
  const rows = report.bots.map(bot => [
    bot.id,
    kinds[bot.kind],
    String(bot.attempted),
    String(bot.delivered),
    String(bot.held),
    String(bot.refused),
    bot.decision ?? '-',
    bot.containedAfterMs === null ? 'never' : `${(bot.containedAfterMs / 1000).toFixed(1)} s`,
    String(bot.attemptsUntilContained ?? '-'),
  ])
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map(row => (row[i] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  const sum = (pick: (p: PersonReport) => number) =>
    report.people.reduce((total, person) => total + pick(person), 0)
  const owners = report.owners
  const total = (pick: (o: OwnerReport) => number) =>
    owners.reduce((all, owner) => all + pick(owner), 0)
  return [
    [head, ...rows].map(line).join('\n'),
    '',
    `people   ${report.people.length}: ${sum(p => p.sent)} sent, ${sum(p => p.delivered)} delivered, ${sum(p => p.held)} held, ${sum(p => p.refused)} refused, ${sum(p => Number(p.isolated) + Number(p.stopped))} contained`,
    `owners   ${owners.length}: ${total(o => o.sent)} sent, ${total(o => o.delivered)} delivered, ${total(o => o.held)} still held for them, ${total(o => o.lost)} lost`,
  ].join('\n')
}
