// A Cordon on a clock of its own that reports machines of other networks to their contacts, and what comes of it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { ToldContact } from '../../src/engine/letters/abuse/abuse-reports.ts'
import type { AbuseContact } from '../../src/engine/letters/abuse/sightings.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { parsePrefix } from '../../src/model/ip.ts'
import type { Sighting } from '../../src/model/sighting.ts'
import type { Scanner } from '../../src/ports/scanner.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { memoryRecords } from './memory-records.ts'
import { shipped } from './shipped.ts'
import { customer } from './small-cordon.ts'

export const START = Date.UTC(2026, 10, 29, 10)
export const TRAP = 'old.employee@isp.example'
export const BOT = '198.51.100.7'
export const CONTACT = 'abuse@other.example'
const READER = join(import.meta.dirname, 'abuse-report-reader.py')
const FILTER: Scanner = {
  name: 'a filter',
  sees: 'all',
  scan: async ({ summary: { text } }) => ({
    content: text.includes('pills') ? 'spam' : 'clean',
    ...(text.includes('EICAR') ? { virus: 'Eicar\r\n-Test' } : {}),
  }),
}

type ReadReport = {
  readonly [field: string]: unknown
  readonly types: readonly string[]
  readonly text: string
  readonly xarf: readonly (Readonly<Record<string, unknown>> & {
    readonly evidence: readonly { readonly header: Readonly<Record<string, string>> }[]
  })[]
  readonly feedback?: Readonly<Record<string, string>>
  readonly header?: Readonly<Record<string, string>>
}

/** A Cordon that reports to the contacts of two other networks. */
export async function others(
  format: AbuseContact['format'] = 'xarf',
  networks = ['198.51.100.0/24'],
  records = memoryRecords<Sighting>(),
) {
  let at = START
  const told = memoryRecords<ToldContact>()
  let refused: string | undefined
  const change: typeof told.change = async (id, make) => {
    if (refused !== undefined) throw new Error(refused)
    return told.change(id, make)
  }
  const prefixes = (some: readonly string[]) => some.flatMap(one => parsePrefix(one) ?? [])
  const contacts = [
    { networks: prefixes(networks), contact: CONTACT, format },
    { networks: prefixes(['2001:db8:77::/48']), contact: 'abuse@full.example', format },
  ]
  const cordon = await virtualCordon({
    subscribers: [customer('anna')],
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: ['isp.example'],
    forwards: {},
    scanner: FILTER,
    ...shipped,
    traps: [TRAP],
    now: () => at,
    abuse: { contacts: () => contacts, records, told: { ...told, change } },
  })
  const mails: Buffer[] = []
  return {
    cordon,
    records,
    told,
    contacts,
    /** Why nothing about contacts can be written; undefined: it can. */
    refuse: (why: string | undefined) => void (refused = why),
    wait: (ms: number) => void (at += ms),
    send: async (given: {
      to?: string
      text?: string
      from?: string
      sender?: string
      helo?: string
      /** Lines of the header before all others. */
      head?: string
      /** ms until the next. */
      step?: number
    }) => {
      const {
        to = 'anna@isp.example',
        text = 'Hello.',
        from = BOT,
        sender = 'x1@bulk.example',
        helo = 'pc\u0007.other.example',
        head = '',
        step = MINUTE,
      } = given
      const draft = await cordon.engine.open({
        session: 's',
        listener: 'inbound',
        at,
        client: { realm: 'main', address: from, port: 4711 },
        tls: false,
        helo,
        sender,
        recipients: [to],
        extended: true,
        esmtp: {},
      })
      const fields = `From: <${sender}>\r\nTo: <${to}>\r\nSubject: For ${to}!\r\nMessage-ID: <n${at}@bulk.example>\r\n`
      await draft.write(Buffer.from(`${head}${fields}\r\n${text}\r\n`))
      await draft.finish()
      at += step
    },
    /** Half a day after the start: it is known what sends ordinary mail, too. */
    settle: async () => {
      await cordon.engine.chores.abuseReports()
      at += DAY / 2
    },
    /** What goes out when an hour has passed. */
    reports: async (): Promise<readonly Buffer[]> => {
      at += HOUR
      await cordon.engine.chores.abuseReports()
      const { spool } = cordon
      for (const claim of await spool.claim(at, 1000, MINUTE)) {
        const bytes: Uint8Array[] = []
        for await (const chunk of await spool.body(claim.message)) bytes.push(chunk)
        for (const { id, address } of claim.recipients) {
          if (address === CONTACT) mails.push(Buffer.concat(bytes))
          await spool.settle([{ recipient: id, outcome: 'done' }])
        }
      }
      return mails.splice(0)
    },
  }
}

/** A report, as Python's email and json read it. */
export function readReport(mail: Buffer | undefined): ReadReport {
  const { stdout, stderr, status } = spawnSync('python3', [READER], { input: mail ?? '' })
  assert.equal(status, 0, String(stderr))
  return JSON.parse(String(stdout)) as ReadReport
}
