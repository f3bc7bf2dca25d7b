// What a program has counted of DMARC, as the reports that go out of it and that Python and libxml2 read.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DmarcCounts } from '../../src/drivers/authentication/dmarc-report/dmarc-counts.ts'
import { sendDmarcReports } from '../../src/drivers/authentication/dmarc-report/dmarc-reports.ts'
import type { CountedRow } from '../../src/mail/dmarc/dmarc-report.ts'
import { DAY, HOUR } from '../../src/model/duration.ts'
import type { Resolver } from '../../src/ports/resolver.ts'
import { DueReports } from '../../src/drivers/due-reports.ts'
import { memoryRecords } from './memory-records.ts'

export type ReadDmarcReport = {
  readonly to: string
  readonly from: string
  readonly domain: string
  readonly policy: Readonly<Record<string, string>>
  readonly records: readonly {
    readonly ip: string
    readonly count: number
    readonly disposition: string
    readonly dkim: string
    readonly spf: string
    readonly reasons: readonly string[]
    readonly from: string
    readonly envelope: string
    readonly signatures: readonly (readonly [domain: string, selector: string, result: string])[]
    readonly sent: readonly [domain: string, result: string]
  }[]
}

export function readDmarcReports(mails: readonly Buffer[]): readonly ReadDmarcReport[] {
  const reader = join(import.meta.dirname, 'dmarc-report-reader.py')
  const input = mails.map(mail => `${mail.toString('base64')}\n`).join('')
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', [reader], {
    input,
    maxBuffer: 64 * 2 ** 20,
  })
  assert.equal(status, 0, String(stderr))
  const lines = String(stdout).split('\n')
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as ReadDmarcReport)
}

/** The mails to the owners of domains, of what stands in the ledger. */
export async function dmarcReportsIn(
  file: string,
  resolver: Pick<Resolver, 'texts'>,
): Promise<readonly Buffer[]> {
  const ledger = new DatabaseSync(file, { readOnly: true })
  const rows = ledger.prepare("SELECT body FROM records WHERE kind = 'dmarc-report'").all()
  ledger.close()
  const counted = rows.map(({ body }) => JSON.parse(String(body)) as CountedRow)
  const [day = ''] = counted[0]?.id.split(' ') ?? []
  const at = Date.parse(`${day}T00:00:00Z`) + DAY + 4 * HOUR
  const records = memoryRecords(...counted)
  const mails: Buffer[] = []
  await sendDmarcReports(
    {
      counts: new DmarcCounts({ records, now: () => at }),
      records,
      resolver,
      by: {
        organisation: 'Example & <Net>',
        domain: 'isp.example',
        contact: 'postmaster@isp.example',
        generator: 'Cordon',
      },
      post: async ({ mail }) => void mails.push(mail),
      trouble: error => assert.fail(String(error)),
      due: new DueReports(),
    },
    at,
  )
  return mails
}
