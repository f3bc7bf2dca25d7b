// Reports of DMARC to the domains that mail names in From (RFC 9990): what counts them, and the chore that sends them.

import { DmarcCounts } from '../drivers/authentication/dmarc-report/dmarc-counts.ts'
import {
  type DmarcReportsParts,
  sendDmarcReports,
} from '../drivers/authentication/dmarc-report/dmarc-reports.ts'
import { DueReports } from '../drivers/due-reports.ts'
import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import type { WiredChore } from '../engine/chores/chores.ts'
import { post } from '../engine/intake/internal-mail.ts'
import type { CountedRow } from '../mail/dmarc/dmarc-report.ts'
import { type SigningKeys, dkimSign } from '../mail/dkim-sign.ts'
import { reporterName } from './reporter-name.ts'
import type { DmarcRow } from '../model/dmarc-row.ts'
import { MINUTE } from '../model/duration.ts'
import type { Engine } from '../ports/engine.ts'
import type { RecordRows, Records } from '../ports/records.ts'
import type { Resolver } from '../ports/resolver.ts'
import type { Directory } from './directory.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

const STRANGERS = { strangers: 'live' } as const satisfies Keys
const REPORTING = { provider: 'restart', hostname: 'restart' } as const satisfies Keys
export const DMARC_REPORTS_READ = [STRANGERS, REPORTING]

export type DmarcCounting = {
  readonly seen: (row: DmarcRow) => void
  readonly counts: DmarcCounts
  readonly records: Records<CountedRow>
}

/** Before the engine, which counts. */
export async function openDmarcCounts(
  scope: Scope,
  settings: Settings,
  { world, records: rows }: { readonly world: World; readonly records: RecordRows },
): Promise<DmarcCounting> {
  const strangers = settings.of(STRANGERS)
  const records = await ledgerRecords<CountedRow>(rows, 'dmarc-report')
  const counting = () => new DmarcCounts({ records, now: world.now })
  const counts = await scope.open('reports of DMARC', counting, { close: one => one.write() })
  return {
    seen: row => {
      if (strangers.now.strangers.dmarcReports) counts.seen(row)
    },
    counts,
    records,
  }
}

/** What was counted while it was on is still sent when it is off. */
export function dmarcReportChore(
  settings: Settings,
  { counts, records }: DmarcCounting,
  needs: {
    readonly resolver: Resolver
    readonly engine: Pick<Engine, 'open'>
    readonly directory: Pick<Directory, 'ourDomain'>
    readonly dkim: SigningKeys
    readonly world: Pick<World, 'trouble'>
  },
): WiredChore {
  const { resolver, engine, dkim, world } = needs
  const { ourDomain: domain } = needs.directory
  const { provider, hostname: ourName } = settings.of(REPORTING).now
  const contact = `postmaster@${domain}`
  const parts: DmarcReportsParts = {
    counts,
    records,
    resolver,
    by: { organisation: reporterName(provider, domain), domain, contact, generator: 'Cordon' },
    post: async ({ to, mail, once, at }) =>
      post(
        engine,
        { sender: contact, to, at, ourName, once, unreported: true },
        await dkimSign(mail, dkim),
      ),
    trouble: world.trouble,
    due: new DueReports(),
  }
  return {
    name: 'reports of DMARC',
    every: 5 * MINUTE,
    where: 'once',
    alone: true,
    run: at => sendDmarcReports(parts, at),
  }
}
