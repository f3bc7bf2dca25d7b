// `cordon who-spams`: from the log of any mail server, without a configuration and without a running Cordon: which login sends spam.

import { readFileSync, statSync } from 'node:fs'
import { Command } from 'commander'
import { adviceFor } from '../app/who-spams/advice.ts'
import { followLogs } from '../app/who-spams/follow-logs.ts'
import { lastLineOf, type LogsRead, readLogs } from '../app/who-spams/read-logs.ts'
import { LeaseTable } from '../app/who-spams/lease-table.ts'
import { isCalled } from '../app/who-spams/names.ts'
import { rowOf, type Row, rowsOf } from '../app/who-spams/verdict.ts'
import { formatDuration, HOUR } from '../model/duration.ts'
import { NotRead } from './failures.ts'
import { sayJson } from './in-json.ts'
import { leasesIn } from './leases-in-csv.ts'
import { JSON_ABOUT, sayingWhy, spanOf } from './shared-options.ts'
import { rowInWords, senderView, type ShownLines, CUT_LINES } from './sender-view.ts'
import { harmless, table, when } from './table.ts'
import { untilTold } from './until-told.ts'

type Options = {
  readonly since?: string
  readonly explain?: string
  readonly json?: boolean
  readonly follow?: boolean
  readonly leases?: string
}

export function whoSpamsCommand(): Command {
  return new Command('who-spams')
    .argument(
      '<file...>',
      'logs of a mail server, oldest first, also compressed; - is standard input',
    )
    .option(
      '--since <span>',
      'weigh only the span before the last line of the last log, such as 24h; older lines are learned from',
    )
    .option(
      '--explain <login>',
      'all lines of one sender, by the name in the table, and what they say',
    )
    .option(
      '--follow',
      'read on as the last log grows, until Ctrl-C; a sender that becomes certain is named once',
    )
    .option(
      '--leases <file>',
      'name clients as the customers who had their addresses then: a CSV file as `cordon lease import` takes it',
    )
    .option('--json', JSON_ABOUT)
    .addHelpText('after', EXITS)
    .action(
      sayingWhy(async (files: string[], options: Options) => {
        const span = options.since === undefined ? undefined : spanOf(options.since)
        const read = await (options.follow ? followed : allOf)(files, span, options)
        if (read.coverage.read === 0) throw new NotRead(nothingRead(read))
        const { explain } = options
        const rows = explain === undefined ? rowsOf(read.senders) : explained(read, explain)
        if (options.json) sayJson(inJson(read, rows))
        else console.log(shown(read, rows, { isWhole: explain !== undefined }))
        if (rows.some(({ verdict }) => verdict === 'certain')) process.exitCode = 1
      }),
    )
}

const EXITS =
  '\nExit code 0: no sender is certain to send spam; 1: one is; 2: a log could not be read.\nNothing is changed on any server: the commands that stop a login are printed, not run.'

/** `span`: what was weighed, up to the last line or, of standard input, now. */
type LogsAsked = LogsRead & {
  /** Leases were given. */
  readonly joins?: true
  readonly span?: {
    readonly since: number
    readonly until: number
    readonly now: number
    readonly length: number
  }
}

async function allOf(
  files: readonly string[],
  span: number | undefined,
  { explain, leases: leaseFile }: Options,
): Promise<LogsAsked> {
  const now = Date.now()
  const leases = await leasesFrom(leaseFile)
  const bar = process.stderr.isTTY ? progressOf() : undefined
  try {
    const last = files.at(-1) ?? '-'
    // Standard input cannot be read twice.
    const until = span === undefined || last === '-' ? now : ((await lastLineOf(last, now)) ?? now)
    const since = span === undefined ? 0 : until - span
    const read = await readLogs(files, {
      now,
      since,
      ...(explain === undefined ? {} : { explain }),
      ...leases,
      ...(bar ? { progress: bar.show } : {}),
    })
    const asked = { ...read, ...(leases.leases ? { joins: true as const } : {}) }
    return span === undefined ? asked : { ...asked, span: { since, until, now, length: span } }
  } catch (error) {
    throw notRead('a log', error)
  } finally {
    bar?.end()
  }
}

/** With 1 the command would say that a sender is certain. */
const notRead = (what: string, error: unknown): NotRead =>
  new NotRead(`${what} cannot be read: ${(error as Error).message}`)

/** Of a lease that does not say when it began, it is not known that it began later than the log. */
async function leasesFrom(file: string | undefined): Promise<{ readonly leases?: LeaseTable }> {
  if (file === undefined) return {}
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw notRead('a list of leases', error)
  }
  return { leases: new LeaseTable(leasesIn(text, Date.now(), file, 0)) }
}

/** Until it is told to stop. */
async function followed(
  files: readonly string[],
  length: number | undefined,
  { explain, json, leases: leaseFile }: Options,
): Promise<LogsAsked> {
  const leases = await leasesFrom(leaseFile)
  const begun = Date.now()
  const stopping = new AbortController()
  void untilTold().then(() => stopping.abort())
  const read = await followLogs(files, {
    now: Date.now,
    since: length === undefined ? 0 : begun - length,
    ...(explain === undefined ? {} : { explain }),
    ...leases,
    stopping: stopping.signal,
    show: senderView({
      json: json === true,
      whole: one => shown(one, rowsOf(one.senders), CUT_LINES),
    }),
  }).catch(error => {
    throw notRead('a log', error)
  })
  if (length === undefined) return read
  const now = Date.now()
  return { ...read, span: { since: begun - length, until: now, now, length: now - begun + length } }
}

/** ms between two lines of it, and before the first. */
const EVERY = 2000

function progressOf() {
  let next = Date.now() + EVERY
  let shownOnce = false
  return {
    show: (file: string, bytes: number) => {
      if (Date.now() < next) return
      next = Date.now() + EVERY
      shownOnce = true
      const size = file === '-' ? 0 : statSync(file).size
      const share = size > 0 ? `${Math.floor((100 * bytes) / size)} %` : `${bytes >> 20} MiB`
      process.stderr.write(`\r${harmless(file)}: ${share} read\u001b[K`)
    },
    end: () => {
      if (shownOnce) process.stderr.write('\r\u001b[K')
    },
  }
}

function explained({ senders }: LogsRead, name: string): readonly Row[] {
  const found = senders.all().filter(({ who }) => isCalled(who, name))
  if (found.length === 0) throw new NotRead(`there is no message of ${name} in what was read.`)
  return found.map(one => rowOf(one, senders))
}

const percent = (share: number | undefined): string =>
  share === undefined ? '-' : `${Math.round(100 * share)} %`

function shown(read: LogsAsked, rows: readonly Row[], lines: ShownLines): string {
  if (rows.length === 0)
    return [`No sender of this log sends what looks like spam.`, ...covered(read)].join('\n')
  const head = [
    'WHO',
    'VERDICT',
    'MESSAGES',
    'RECIPIENTS',
    'FIRST-TIME',
    'UNKNOWN',
    'REFUSED',
    'NETWORKS',
    'SUM',
    'KINDS',
  ]
  const cells = rows.map(row => [
    row.who,
    row.verdict,
    String(row.messages),
    String(row.recipients),
    percent(row.firstTime),
    percent(row.unknownUsers),
    String(row.refusedAsSpam + row.stoppedHere),
    String(row.networks),
    row.sum.toFixed(1),
    row.kinds.join(', '),
  ])
  const out = [table(head, cells)]
  for (const row of rows) out.push('', ...rowInWords(row, read.programs, lines))
  return [...out, ...covered(read)].join('\n')
}

function covered({
  coverage,
  spilled,
  rejoined,
  unjoined,
  guessers,
  senders,
  span,
  joins,
}: LogsAsked): string[] {
  const { lines, read, unread, frameless, foreign, lost, missing, from, until, zoneKnown } =
    coverage
  const out = [
    '',
    `${count(lines, 'line')} from ${when(from)} to ${when(until)}: ${read.toLocaleString('en')} read, ${(unread + frameless).toLocaleString('en')} in no known form and not guessed at.`,
    'What the messages contain is not in a log: senders are judged by recipients, answers and networks alone.',
  ]
  if (span)
    out.push(
      `Weighed from ${when(span.since)} on: the ${formatDuration(span.length)} before ${span.until === span.now ? 'now' : `the last line, which is ${formatDuration(Math.floor((span.now - span.until) / HOUR) * HOUR)} old`}.`,
    )
  if (foreign > 0)
    out.push(
      `${count(foreign, 'line')} with the name of a mail program that, as the journal says, another program or a user wrote: not read.`,
    )
  if (missing > 0)
    out.push(`${formatDuration(missing)} have no line at all: what was sent then is not counted.`)
  if (lost > 0)
    out.push(
      `The syslog daemon says that it lost ${count(lost, 'message')}: what they said is not counted.`,
    )
  if (!zoneKnown)
    out.push(
      `Stamps have no zone: times are as they stand, as if in UTC${joins ? '; no lease is joined with them' : ''}.`,
    )
  if (rejoined > 0)
    out.push(`${count(rejoined, 'message')} came back from a filter and counted once.`)
  if (unjoined > 0)
    out.push(
      `${count(unjoined, 'message')} from this machine or its network with the Message-ID of another message: no line of the server joins them, each is counted by itself.`,
    )
  if (spilled > 0)
    out.push(
      `${count(spilled, 'message')} were told of before their end: too many were open at once.`,
    )
  if (senders.left > 0)
    out.push(
      `${count(senders.left, 'message')} of further senders were not weighed: there are too many.`,
    )
  const wrong = guessers.reduce((sum, [, times]) => sum + times, 0)
  const [first] = guessers
  if (first)
    out.push(
      `${count(wrong, 'wrong password')} from ${count(guessers.length, 'address', 'es')}, most (${first[1].toLocaleString('en')}) from ${first[0]}.`,
    )
  return out
}

const count = (number: number, noun: string, plural = 's'): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : plural}`

const inJson = (
  { coverage, spilled, rejoined, unjoined, programs }: LogsRead,
  rows: readonly Row[],
) => ({
  rows: rows.map(row => ({ ...row, advice: adviceFor(row, programs) })),
  truncated: false,
  coverage: { ...coverage, spilled, rejoined, unjoined },
})

function nothingRead({ coverage: { lines, frameless, others } }: LogsRead): string {
  return `none of ${count(lines, 'line')} is of Postfix, Exim, Dovecot, Sendmail or OpenSMTPD in a known form (${frameless} in no known frame, ${others} of other programs).`
}
