// The rows of `cordon simulate` as lines of text.

import type { Miss } from '../simulation/virtual/musts.ts'
import type { BotRow, Decided } from '../simulation/virtual/simulate-bot.ts'
import type { CrowdRow } from '../simulation/virtual/simulate-crowd.ts'
import type { PersonRow, Wrong } from '../simulation/virtual/simulate-person.ts'

export const BOTS_ABOUT = [
  'Bots: recipients reached before mail first waits, and in 8 days (median/p95); what was decided, in how many runs, after hours (median)',
  'filter | owner | bot | before the first wait | reached | held | network refused | login stopped | line isolated',
]

export const botRow = ({ decided, ...row }: BotRow): string =>
  [
    row.filter,
    row.owner,
    row.bot,
    pair(row.beforeFirstWait),
    pair(row.reached),
    counted(decided.hold, row.runs),
    counted(decided['refuse-network'], row.runs),
    counted(decided['stop-login'], row.runs),
    counted(decided.isolate, row.runs),
  ].join(' | ')

export const CROWDS_ABOUT = [
  'Crowds: recipients that all logins together reached before mail first waits, and in 8 days (median/p95); messages refused, logins stopped (median)',
  'filter | crowd | before the first wait | reached | address refused | messages refused | logins stopped',
]

export const crowdRow = (row: CrowdRow): string =>
  [
    row.filter,
    row.crowd,
    pair(row.beforeFirstWait),
    pair(row.reached),
    `${row.sourceRefused}/${row.runs}`,
    row.refused ?? 0,
    row.stopped ?? 0,
  ].join(' | ')

export const PEOPLE_ABOUT = [
  'People: wrong isolations and stopped logins in all years, and what 10,000 years may have at most (95 %); a year: holds, letters that ask, recipients of clean and of spam-judged mail that waited over 30 minutes, returned, refused',
  'filter | person | years | isolations | stopped logins | holds | letters | clean waits | spam-judged waits | returned | refused',
]

export const personRow = (row: PersonRow): string =>
  [
    row.filter,
    row.person,
    row.years,
    wrong(row.isolations),
    wrong(row.stops),
    row.holds.toFixed(2),
    row.letters.toFixed(2),
    row.cleanWaits.toFixed(2),
    row.spamJudgedWaits.toFixed(2),
    row.returned.toFixed(2),
    row.refused.toFixed(2),
  ].join(' | ')

/** Nothing where all is as promised. */
export const missRows = (misses: readonly Miss[]): readonly string[] =>
  misses.length === 0
    ? []
    : [
        'Above what it must have at most (first filter, first owner):',
        'name | measure | at most | measured',
        ...misses.map(one => [one.name, one.measure, one.must, one.measured].join(' | ')),
      ]

const pair = (both: readonly [number, number]): string =>
  both.map(one => (one < 0 ? 'never' : String(one))).join('/')

const counted = ({ runs, hours }: Decided, all: number): string =>
  `${runs}/${all}${hours === undefined ? '' : ` ${hours.toFixed(1)}h`}`

const wrong = ({ count, atMostPer10000 }: Wrong): string =>
  `${count} (at most ${Number(atMostPer10000.toPrecision(2))})`
