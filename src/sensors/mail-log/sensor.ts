// Logs of mail servers, as an entry of the list of sensors.

import { setTimeout } from 'node:timers/promises'
import type { Sensor, SensorParts, Worry } from '../../wire/sensor.ts'
import { LOG_LINES } from '../../wire/sensor.ts'
import type { Records } from '../../ports/records.ts'
import { FollowedMail, type LogRow } from './followed-mail.ts'
import { fileSource, journalSource, type LogSource } from './log-source.ts'

type MailLogConfig = {
  readonly mailLog?: readonly OneLog[] | undefined
  readonly policyService?: { readonly countAt: 'rcpt' | 'end-of-message' } | undefined
  readonly domains: readonly string[]
  readonly hostname: string
}

type OneLog = {
  readonly file?: string | undefined
  readonly program?: string | undefined
  /** `mailLog[].realm`, main by default. */
  readonly realm: string
  readonly zone?: string | undefined
}

type MailLogSettings = {
  readonly logs: readonly OneLog[]
  readonly domain: string
  /** The policy service counts at RCPT, where a message has no name yet. */
  readonly resultsOnly: boolean
}

const EVERY = 1000
/** ms. What is to be read since the last stop is not waited for any longer. */
const BEGINS_WITHIN = 1000

export const mailLog: Sensor<MailLogConfig, MailLogSettings> = {
  name: 'mail-log',
  part: 'mail logs',
  reads: { mailLog: 'restart', policyService: 'restart', domains: 'restart', hostname: 'restart' },
  settings: ({ mailLog: logs, policyService, domains: [domain], hostname }) =>
    logs && {
      logs,
      domain: domain ?? hostname,
      resultsOnly: policyService?.countAt === 'rcpt',
    },
  open: async ({ logs, domain, resultsOnly }, parts) => {
    const { mailHeard, report, now, trouble } = parts
    const rows = await parts.recordsOf<LogRow>('mail-log')
    const given = { mailHeard, report, now, trouble, rows }
    const opened = logs.map(one => openOne(one, { domain, resultsOnly }, given))
    await withinOrLater(Promise.all(opened.map(({ begun }) => begun)))
    return {
      places: opened.map(({ source }) => ({ status: `mail log ${source.name}` })),
      counted: opened.map(({ source, mail }) => ({
        ...LOG_LINES,
        labels: { log: source.name },
        counts: countsOf(mail),
      })),
      worries: () => opened.flatMap(({ source }) => worriesOf(source)),
      close: async () => void (await Promise.all(opened.map(one => one.close()))),
    }
  },
}

/** No timer is left when it is done before. */
async function withinOrLater(begun: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const late = setTimeout(BEGINS_WITHIN, undefined, { signal: over.signal })
  await Promise.race([begun, late])
  over.abort()
  await late.catch(() => undefined)
}

type Opening = Pick<SensorParts, 'mailHeard' | 'report' | 'now' | 'trouble'> & {
  readonly rows: Records<LogRow>
}

function openOne(
  { file, realm, zone, program }: OneLog,
  setup: Pick<MailLogSettings, 'domain' | 'resultsOnly'>,
  { mailHeard: heard, report, rows, now, trouble }: Opening,
) {
  if (!heard) throw new Error('no log of a mail server is configured')
  const before = rows.get(file ?? 'journal')?.place
  const source = file === undefined ? journalSource(before, now) : fileSource(file, before, now)
  const mail = new FollowedMail({
    ...setup,
    realm,
    zone,
    program,
    source,
    heard,
    report,
    rows,
    now,
  })
  let looking: Promise<void> | undefined
  const look = () => {
    looking ??= mail
      .look()
      .catch(error => trouble(error, `the mail log ${source.name}`))
      .finally(() => (looking = undefined))
    return looking
  }
  // What is written from now on is read.
  const begun = look()
  const timer = setInterval(() => void look(), EVERY)
  timer.unref()
  return {
    source,
    mail,
    begun,
    close: async () => {
      clearInterval(timer)
      mail.stop()
      await looking
      await source.close()
    },
  }
}

/** As they are when they are asked for. */
const countsOf = ({ coverage }: FollowedMail): Readonly<Record<string, number>> => ({
  get told() {
    return coverage.read
  },
  get unread() {
    return coverage.unread
  },
  get frameless() {
    return coverage.frameless
  },
  get other() {
    return coverage.others
  },
  get foreign() {
    return coverage.foreign
  },
})

const worriesOf = (source: LogSource): readonly Worry[] =>
  source.troubles().map(words => ({ what: 'mail log', about: source.name, words }))
