// Reports of TLS to the domains that mail is sent to (RFC 8460): what counts them, and the chore that sends them.

import type { TellSession } from '../drivers/delivery/tls-report/told-sessions.ts'
import { type CountedDay, TlsCounts } from '../drivers/delivery/tls-report/tls-counts.ts'
import { sendTlsReports, type TlsReportsParts } from '../drivers/delivery/tls-report/tls-reports.ts'
import { DueReports } from '../drivers/due-reports.ts'
import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import type { WiredChore } from '../engine/chores/chores.ts'
import { post } from '../engine/intake/internal-mail.ts'
import { type SigningKeys, dkimSign } from '../mail/dkim-sign.ts'
import { reportAddresses } from '../mail/tls-report.ts'
import { reporterName } from './reporter-name.ts'
import { BoundedMap } from '../model/bounded-map.ts'
import { MINUTE } from '../model/duration.ts'
import type { Engine } from '../ports/engine.ts'
import type { Resolver } from '../ports/resolver.ts'
import type { Directory } from './directory.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

const DELIVERY = { delivery: 'live' } as const satisfies Keys
const REPORTING = { provider: 'restart', hostname: 'restart' } as const satisfies Keys
export const TLS_REPORTS_READ = [DELIVERY, REPORTING]

/** Organisations that get reports about others. */
const MOST_READERS = 10_000

type TlsReportNeeds = {
  readonly world: World
  readonly stores: Pick<Stores, 'ledger'>
  readonly resolver: Resolver
  readonly engine: Pick<Engine, 'open'>
  readonly directory: Pick<Directory, 'ourDomain' | 'isLocal'>
  readonly dkim: SigningKeys
}

export type TlsReporting = { readonly tell: TellSession; readonly chore: WiredChore }

/** A town that plays has a DNS of its own, and nothing to report: undefined. */
export async function openTlsReports(
  scope: Scope,
  settings: Settings,
  { world, stores, resolver, engine, directory, dkim }: TlsReportNeeds,
): Promise<TlsReporting | undefined> {
  if (world.resolver) return undefined
  const routes = settings.of(DELIVERY)
  const { provider, hostname: ourName } = settings.of(REPORTING).now
  const records = await ledgerRecords<CountedDay>(stores.ledger.records, 'tls-report')
  const wants = async (asked: string) => {
    const texts = await resolver.texts(`_smtp._tls.${asked}`)
    return 'value' in texts ? reportAddresses(texts.value).length > 0 : undefined
  }
  const counting = () => new TlsCounts({ records, wants, now: world.now })
  const counts = await scope.open('reports of TLS', counting, { close: one => one.write() })
  const { ourDomain: domain } = directory
  const contact = `postmaster@${domain}`
  const parts: TlsReportsParts = {
    counts,
    records,
    resolver,
    by: { organisation: reporterName(provider, domain), domain, contact },
    post: async ({ to, mail, once, at }) =>
      post(
        engine,
        { sender: contact, to, at, ourName, once, tlsOptional: true, unreported: true },
        await dkimSign(mail, dkim),
      ),
    isOurs: directory.isLocal,
    sent: new BoundedMap(MOST_READERS),
    due: new DueReports(),
    trouble: world.trouble,
  }
  return {
    tell: session => {
      if (routes.now.delivery.tlsReports) counts.session(session)
    },
    chore: {
      name: 'reports of TLS',
      every: MINUTE,
      where: 'once',
      alone: true,
      run: at => sendTlsReports(parts, at),
    },
  }
}
