// Mail on its way out: where it goes, how it is sealed and rewritten, and which people are told when it fails.

import { join } from 'node:path'
import { atMost } from '../drivers/at-most.ts'
import { arcSealer } from '../drivers/delivery/arc-seal.ts'
import { isForwarded } from '../drivers/delivery/carry.ts'
import {
  type DeliveryLoop,
  deliveryLoop,
  type DeliverySettings,
} from '../drivers/delivery/delivery-loop.ts'
import { fetchPolicy } from '../drivers/delivery/mta-sts/policy-fetch.ts'
import {
  type KeptPolicy,
  type StsPolicies,
  stsPolicies,
} from '../drivers/delivery/mta-sts/sts-policies.ts'
import { stsFailureIn } from '../drivers/delivery/tls-report/session-of.ts'
import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import type { WiredChore } from '../engine/chores/chores.ts'
import { HOUR, MINUTE } from '../model/duration.ts'
import { hopOf } from '../drivers/delivery/hop-of.ts'
import { mailServers } from '../drivers/delivery/mail-servers.ts'
import { EXCHANGER_PORT } from '../drivers/delivery/routes.ts'
import { lookAtDkim } from '../drivers/identity/dkim-published.ts'
import { type Dns, systemServers } from '../drivers/lookups/node-resolver.ts'
import { signedMailDns, type SignedMailDns } from '../drivers/lookups/signed-mail-dns.ts'
import { validatedDns } from '../drivers/lookups/validated-dns.ts'
import { tellSender } from '../engine/intake/internal-mail.ts'
import type { RunningEngine } from '../engine/engine.ts'
import { addressHider } from '../mail/correspondent-key.ts'
import { Gathered } from '../mail/gathered.ts'
import { MAX_REPORT } from '../mail/feedback/read-feedback.ts'
import { reporterOf } from '../mail/feedback/reporter-of.ts'
import type { SigningKeys } from '../mail/dkim-sign.ts'
import { domainOf } from '../model/mail-address.ts'
import type { Claim } from '../ports/spool.ts'
import type { Resolver } from '../ports/resolver.ts'
import { type DmarcCounting, dmarcReportChore } from './dmarc-reports.ts'
import type { Directory } from './directory.ts'
import type { Scope } from './scope.ts'
import type { Chosen, Keys, Settings } from './settings.ts'
import type { Stores } from './stores.ts'
import { openTlsReports, type TlsReporting } from './tls-reports.ts'
import type { World } from './world.ts'

export type DeliveryNeeds = {
  readonly world: World
  readonly stores: Pick<Stores, 'spool' | 'keys' | 'ledger'>
  readonly directory: Directory
  readonly dns: Dns
  readonly resolver: Resolver
  readonly engine: RunningEngine
  readonly dkim: SigningKeys
  readonly dmarc: DmarcCounting
}

const ROUTES = {
  hostname: 'restart',
  dataFolder: 'restart',
  routes: 'live',
  mailboxStore: 'live',
  delivery: 'live',
} as const satisfies Keys

const RESOLVERS = { resolvers: 'restart' } as const satisfies Keys
const HOLDING = { holdDelivery: 'restart' } as const satisfies Keys
const SEALING = { hostname: 'restart' } as const satisfies Keys
const TAGGING = { rules: 'live' } as const satisfies Keys
export const DELIVERY_READS = [ROUTES, RESOLVERS, HOLDING, SEALING, TAGGING]

export async function openDelivery(
  scope: Scope,
  settings: Settings,
  needs: DeliveryNeeds,
): Promise<Delivery> {
  const { holdDelivery } = settings.of(HOLDING).now
  const tls = await openTlsReports(scope, settings, needs)
  const sts = await openPolicies(needs, tls)
  const loop = await scope.open('delivery', () => delivering(settings, needs, { sts, tls }), {
    drain: (opened, graceMs) => opened.stop(graceMs),
  })
  if (!holdDelivery) loop.start()
  return {
    refusedOwn: address => loop.refusedOwn(address),
    timetable: [
      ...(sts ? [refreshing(sts)] : []),
      ...(tls ? [tls.chore] : []),
      dmarcReportChore(settings, needs.dmarc, needs),
      dkimChore(needs),
    ],
  }
}

export type Delivery = Pick<DeliveryLoop, 'refusedOwn'> & {
  readonly timetable: readonly WiredChore[]
}

const refreshing = (sts: StsPolicies): WiredChore => ({
  name: 'policies of other servers',
  every: HOUR,
  where: 'once',
  run: (at, signal) => sts.refresh(at, signal),
  alone: true,
})

/** A record is there some minutes after a person has written it. */
const dkimChore = ({ stores, resolver, directory }: DeliveryNeeds): WiredChore => ({
  name: 'records of our DKIM keys',
  every: 5 * MINUTE,
  where: 'once',
  first: 'begun',
  run: at => lookAtDkim(stores.keys.dkim, { resolver, domain: directory.ourDomain }, at),
  alone: true,
})

/** Pages of policies. */
const FETCHED_AT_ONCE = 50

/** A town that plays has a DNS of its own, and no web: undefined. */
async function openPolicies(
  needs: DeliveryNeeds,
  tls: TlsReporting | undefined,
): Promise<StsPolicies | undefined> {
  const { world, stores, resolver } = needs
  const fetched = async (domain: string, signal: AbortSignal) => {
    const answer = await fetchPolicy(domain, { resolver }, signal)
    if ('wrong' in answer)
      tls?.tell({
        policy: { kind: 'sts', domain, lines: [], mx: [] },
        failure: { type: stsFailureIn(answer.wrong) },
      })
    return answer
  }
  if (world.resolver) return undefined
  return stsPolicies({
    records: await ledgerRecords<KeptPolicy>(stores.ledger.records, 'mta-sts'),
    resolver,
    fetch: atMost(FETCHED_AT_ONCE, fetched),
    now: world.now,
    trouble: world.trouble,
  })
}

function delivering(
  settings: Settings,
  needs: DeliveryNeeds,
  { sts, tls }: { readonly sts: StsPolicies | undefined; readonly tls: TlsReporting | undefined },
): DeliveryLoop {
  const { world, stores, directory, dns, resolver, engine, dkim } = needs
  const { spool, keys } = stores
  const { recipients, isLocal, tags, forwarded } = directory
  const { clock, now, trouble } = world
  const { hostname: ourName } = settings.of(SEALING).now
  const sealed = arcSealer({ keys: dkim, ourName, dns, trouble })
  const rules = settings.of(TAGGING)
  const told = (config: Chosen<typeof ROUTES>): DeliverySettings => ({
    ...deliverySettings(config),
    ...(tls ? { tell: tls.tell } : {}),
  })
  const routes = settings.of(ROUTES, next => {
    const replacement = told(next)
    return () => loop.replace(replacement)
  })
  const signed = world.resolver ? undefined : signedDns(settings, now)
  const loop = deliveryLoop({
    spool,
    recipients,
    servers: mailServers({
      resolver,
      signed: () => (routes.now.delivery.dane ? signed : undefined),
      sts: async domain => (routes.now.delivery.mtaSts ? sts?.of(domain) : undefined),
      port: EXCHANGER_PORT,
    }),
    clock,
    settings: told(routes.now),
    report: engine.report,
    hide: addressHider(keys.secret),
    senderAway: async claim => {
      if (isForwarded(claim, isLocal)) return forwarded.forward(claim.sender, now())
      const tagged = rules.now.rules['bounce-control'] !== 'off' && isLocal(domainOf(claim.sender))
      return tagged ? tags.tag(claim.sender, claim.at) : claim.sender
    },
    seal: async claim =>
      isForwarded(claim, isLocal) ? sealed(claim, await spool.body(claim.message)) : '',
    reported: claim => reportOf(needs, claim),
    tell: (claim, reported) => tellSender(engine, claim, reported, { ourName, at: now(), spool }),
    trouble,
  })
  return loop
}

/** Undefined where none of the resolvers is on this machine. */
function signedDns(settings: Settings, now: () => number): SignedMailDns | undefined {
  const { resolvers } = settings.of(RESOLVERS).now
  const validated = validatedDns(resolvers.length > 0 ? resolvers : systemServers())
  return validated && signedMailDns(validated, now)
}

/** A mail to a mailbox for reports of abuse. */
async function reportOf({ stores, engine, world }: DeliveryNeeds, claim: Claim): Promise<void> {
  const { message: id, headers } = claim
  const kept = new Gathered()
  for await (const chunk of await stores.spool.body(id)) {
    kept.add(chunk.subarray(0, MAX_REPORT + 1 - kept.length))
    if (kept.length > MAX_REPORT) break
  }
  const raw = kept.bytes()
  await engine.complaints?.take({ id, raw, at: world.now(), reporter: reporterOf(headers, raw) })
}

const deliverySettings = (config: Chosen<typeof ROUTES>): DeliverySettings => ({
  routes: Object.fromEntries(
    Object.entries(config.routes).map(([domain, hop]) => [domain, hopOf(hop)]),
  ),
  ...(config.mailboxStore ? { mailboxStore: hopOf(config.mailboxStore) } : {}),
  ourName: config.hostname,
  mailboxes: join(config.dataFolder, 'mailboxes'),
  ...config.delivery,
})
