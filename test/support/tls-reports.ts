// What a program has counted of TLS, as the reports that go out of it and that Python reads.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CountedDay } from '../../src/drivers/delivery/tls-report/tls-counts.ts'
import { sendTlsReports } from '../../src/drivers/delivery/tls-report/tls-reports.ts'
import { BoundedMap } from '../../src/model/bounded-map.ts'
import { DAY, HOUR } from '../../src/model/duration.ts'
import { DueReports } from '../../src/drivers/due-reports.ts'
import { memoryRecords } from './memory-records.ts'

export type ReadTlsReport = {
  readonly to: string
  readonly required: string
  readonly domain: string
  readonly policies: readonly {
    readonly policy: { readonly 'policy-type': string; readonly 'policy-string'?: string[] }
    readonly summary: Readonly<Record<string, number>>
    readonly 'failure-details'?: readonly { readonly 'result-type': string }[]
  }[]
}

/** Of each domain that the program has counted connections to. */
export async function tlsReportsIn(file: string): Promise<ReadonlyMap<string, ReadTlsReport>> {
  const ledger = new DatabaseSync(file, { readOnly: true })
  const rows = ledger.prepare("SELECT body FROM records WHERE kind = 'tls-report'").all()
  ledger.close()
  const counted = rows.map(({ body }) => JSON.parse(String(body)) as CountedDay)
  const mails: string[] = []
  const [day = ''] = counted[0]?.id.split(' ') ?? []
  await sendTlsReports(
    {
      counts: { write: async () => undefined, left: () => 0, forget: async () => undefined },
      records: memoryRecords(...counted),
      resolver: {
        texts: async name => ({
          value: [`v=TLSRPTv1;rua=mailto:tls%2Breports@${name.replace('_smtp._tls.', '')}`],
        }),
      },
      by: { organisation: 'Example Net', domain: 'isp.example', contact: 'postmaster@isp.example' },
      isOurs: () => false,
      sent: new BoundedMap(10),
      due: new DueReports(),
      trouble: error => assert.fail(String(error)),
      post: async ({ mail }) => void mails.push(mail.toString('base64')),
    },
    Date.parse(`${day}T00:00:00Z`) + DAY + 4 * HOUR,
  )
  const reader = join(import.meta.dirname, 'tls-report-reader.py')
  const input = mails.map(mail => `${mail}\n`).join('')
  const { stdout, stderr, status } = spawnSync('python3', [reader], { input })
  assert.equal(status, 0, String(stderr))
  const reports = String(stdout)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as ReadTlsReport)
  return new Map(reports.map(one => [one.domain, one]))
}
