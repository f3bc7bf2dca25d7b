// The whole machine on one page: what is opened, in which order, what knows whom, and how it is closed again.
// Nothing here decides anything. Rules are in core/policy, what things mean in core/detection, what follows in
// core/isolation; the engine conducts; doors ask it, sensors tell it, drivers do the rest.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { changedKeys } from './config/changed-keys.ts'
import type { Config } from './config/schema.ts'
import { openMilterDoor } from './doors/milter/server.ts'
import { openPolicyDoor } from './doors/policy-delegation/server.ts'
import { listenersOf } from './doors/smtp/listeners.ts'
import { openSmtpDoor, type SmtpDoor } from './doors/smtp/server.ts'
import type { DoorLive, DoorStart } from './door-thread.ts'
import { messageAuthenticator } from './drivers/authentication/message-authenticator.ts'
import { ArchiveLister } from './drivers/archives/archive-lister.ts'
import { systemClock } from './drivers/clock/clocks.ts'
import { openCounters } from './drivers/counters/kept-counters.ts'
import { ledgerCredentials } from './drivers/credentials/ledger-credentials.ts'
import { deliveryLoop } from './drivers/delivery/delivery-loop.ts'
import { arcSealer } from './drivers/delivery/arc-seal.ts'
import { isForwarded } from './drivers/delivery/carry.ts'
import { HISTORY, memoryLeases } from './drivers/directory/leases-memory.ts'
import { configuredRecipients } from './drivers/directory/recipients-configured.ts'
import { memorySubscribers } from './drivers/directory/subscribers-memory.ts'
import { withSharedAddresses } from './drivers/directory/shared-addresses.ts'
import { takeOver } from './drivers/directory/take-over.ts'
import { ownKeys } from './drivers/identity/own-keys.ts'
import { createEventBus, type EventBus } from './drivers/journal/event-bus.ts'
import { refusals } from './drivers/journal/refusals.ts'
import { openJournal } from './drivers/journal/journal-file.ts'
import { openLedgerFile } from './drivers/ledger/ledger-file.ts'
import { type DoorThreads, startDoorThreads } from './drivers/engine-port/door-threads.ts'
import { dnsLists } from './drivers/lookups/dns-lists.ts'
import { dnsResolver } from './drivers/lookups/dns-resolver.ts'
import { lookups } from './drivers/lookups/lookups.ts'
import { spfChecker } from './drivers/lookups/spf.ts'
import { randomNames } from './drivers/names/random-names.ts'
import { reading } from './drivers/reading.ts'
import { scannerOf } from './drivers/scanners/scanner-of.ts'
import { openSpool } from './drivers/spool/spool-sqlite.ts'
import { holdFolder } from './drivers/sqlite/hold-folder.ts'
import { createEngine, type RunningEngine } from './engine/engine.ts'
import { tellSender } from './engine/internal-mail.ts'
import { correspondentKey } from './mail/correspondent-key.ts'
import { batv } from './mail/batv.ts'
import { refusalIds } from './mail/refusal-id.ts'
import { srs } from './mail/srs.ts'
import { MINUTE, SECOND } from './model/duration.ts'
import type { Event } from './model/event.ts'
import type { Lease } from './model/lease.ts'
import { domainOf, foldAddress } from './model/mail-address.ts'
import type { Clock } from './ports/clock.ts'
import type { Scanner } from './ports/scanner.ts'
import { customersOwn, feedChore } from './customers.ts'
import { liveOf, recipientSettings, RELOADED } from './live.ts'
import { networkDrivers, networkSensors, sharedAddressesOf } from './network.ts'
import { openPages } from './pages.ts'
import { authBrake } from './wire/auth-brake.ts'
import { connectionCaps } from './wire/connection-caps.ts'
import { logins } from './wire/logins.ts'
import { sessionTable } from './wire/session-table.ts'
import { tlsIdentity } from './wire/tls-identity.ts'

export type Overrides = {
  readonly clock?: Clock
  readonly scanner?: Scanner
  /** Sockets that listen already, by the name or kind of their listener. */
  readonly sockets?: ReadonlyMap<string, readonly number[]>
  /** Told of every event, for the log. */
  readonly log?: (event: Event) => void
  /** Where trouble inside is told; standard error by default. */
  readonly trouble?: (error: unknown, about: string) => void
}

export type Cordon = {
  readonly engine: RunningEngine
  readonly events: EventBus
  /** The port each SMTP listener got, in the order of the configuration. */
  readonly smtpPorts: readonly number[]
  readonly consolePort: number
  readonly portalPort: number
  readonly firewallLogPort: number | undefined
  readonly radiusPort: number | undefined
  readonly flowsPort: number | undefined
  readonly decoyPorts: readonly number[]
  readonly policyPort: number | undefined
  readonly milterPort: number | undefined
  readonly controlSocket: string
  /** Takes over what can change while running; names the settings that wait for a restart. */
  reload(next: Config): Promise<{ readonly later: readonly string[] }>
  close(): Promise<void>
}

export async function startCordon(config: Config, overrides: Overrides = {}): Promise<Cordon> {
  const folder = config.dataFolder
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const giveBack = holdFolder(folder)
  const clock = overrides.clock ?? systemClock
  const trouble = overrides.trouble ?? ((error, about) => console.error(`cordon: ${about}:`, error))
  const now = () => clock.now()

  // Stores: what must not be lost, and what may lose a second.
  const ledger = await openLedgerFile(join(folder, 'ledger.db'))
  const spool = await openSpool({ folder: join(folder, 'spool') })
  const counters = openCounters(join(folder, 'counters.db'), trouble)
  const journalFile = openJournal(join(folder, 'journal'))
  const events = createEventBus()
  events.listen(event => journalFile.write(event))
  if (overrides.log) events.listen(overrides.log)

  // Who is who.
  await takeOver(ledger, config, now())
  const subscribers = memorySubscribers(await ledger.subscribers())
  const shared = sharedAddressesOf(config)
  const leases = withSharedAddresses(
    memoryLeases(await ledger.leases(now() - HISTORY), config.leaseSkew),
    shared,
  )
  const keys = await ownKeys(folder, config.hostname)
  const refused = refusals(join(folder, 'journal'), refusalIds(keys.secret))
  events.listen(event => refused.hear(event))
  const ourDomain = config.domains[0] ?? config.hostname
  const forwarded = srs(ourDomain, keys.secret)
  const tags = batv(keys.secret)
  const recipients = configuredRecipients(recipientSettings(config), subscribers, address =>
    forwarded.reverse(address, now()),
  )
  const isLocal = (domain: string) => recipients.isLocal(domain)
  // What can change while we run is looked up in `live` when it is needed, or handed on in `reload`.
  const worked = (from: Config) =>
    liveOf(from, { ownCertificate: keys.certificate, isLocal, tags, trouble })
  let live = worked(config)
  const resolver = dnsResolver(config.resolvers, now)
  const lists = dnsLists(resolver, now, words => trouble(new Error(words), 'a DNS list'))
  const credentials = ledgerCredentials({
    ledger,
    subscribers,
    elsewhere: () => live.passwords,
    secret: keys.secret,
    scram: () => live.door.scram,
    trouble,
  })
  await credentials.load()
  let isWatching = () => false
  const customers = await customersOwn(config, {
    ledger,
    resolver,
    ourDomain,
    watching: () => isWatching(),
    now,
    trouble,
  })
  const identity = tlsIdentity(live.certificates)

  // The engine: pure rules inside, ports around.
  const sessions = sessionTable()
  let threads: DoorThreads<DoorLive> | undefined
  const cut = (login: string) => {
    sessions.cut(login)
    threads?.cut(login)
  }
  const network = networkDrivers(config, now)
  const { routers } = network
  const ourKey = { domain: ourDomain, selector: 'cordon', privateKey: keys.dkimKey }
  const archives = new ArchiveLister(trouble)
  const engine = createEngine({
    rules: live.rules,
    lookups: lookups({
      recipients,
      resolver,
      lists,
      spf: spfChecker(config.resolvers, now),
      geo: () => live.geo,
      quotaStatus: () => live.quotaStatus,
    }),
    counters,
    ledger,
    spool,
    leases,
    subscribers,
    recipients,
    credentials,
    scanner: overrides.scanner ?? scannerOf(config, trouble),
    authenticator: messageAuthenticator({ ourName: config.hostname, resolvers: config.resolvers }),
    archives,
    sessions: { cut },
    network: routers,
    journal: events,
    names: randomNames(),
    ...customers.engine,
    takeOver: async (changed, gone) => {
      await ledger.putSubscribers(changed)
      await ledger.removeSubscribers(gone)
      subscribers.replace(await ledger.subscribers())
      void engine.chores.reconcile().catch(error => trouble(error, 'reconciling the network'))
    },
    now,
    settings: {
      node: config.hostname,
      ourName: config.hostname,
      mailDomain: ourDomain,
      provider: config.provider,
      portal: config.portal,
      secret: keys.secret,
      expireAfter: config.giveUpAfter,
      budgets: config.budgets,
      turnsToUs: config.nftables.some(one => one.turnRound === 'our-server'),
      isTrap: address => live.traps.has(foldAddress(address)),
      dkim: ourKey,
      ...(config.http.refusalPages ? { refusalPages: `${config.http.refusalPages}why/` } : {}),
    },
    trouble,
  })

  events.listen(event => engine.rollouts?.hear(event))

  // Mail on its way out.
  const sealed = arcSealer({
    key: ourKey,
    ourName: config.hostname,
    resolvers: config.resolvers,
    trouble,
  })
  const delivery = deliveryLoop({
    spool,
    recipients,
    resolver,
    clock,
    settings: live.delivery,
    report: engine.report,
    hide: address => correspondentKey(address, keys.secret),
    senderAway: claim => {
      if (isForwarded(claim, isLocal)) return forwarded.forward(claim.sender, now())
      const tagged = live.tagsSenders && isLocal(domainOf(claim.sender))
      return tagged ? tags.tag(claim.sender, claim.at) : claim.sender
    },
    seal: async claim =>
      isForwarded(claim, isLocal) ? sealed(claim, await spool.body(claim.message)) : '',
    tell: (claim, reported) =>
      tellSender(engine, claim, reported, { ourName: config.hostname, at: now(), spool }),
    trouble,
  })
  if (!config.holdDelivery) delivery.start()

  // Sensors tell.
  const sensors = await networkSensors(config, { engine, leases, subscribers, now, trouble })

  isWatching = sensors.isWatching

  // Doors ask: in this thread, or in threads of their own on the same ports. What is shared stays here.
  const brake = authBrake(() => Date.now())
  const caps = connectionCaps(live.caps, {
    lineOf: ({ realm, address, port }) => {
      const { subscriber } = leases.holder(realm, address, port)
      // Many people are behind the line of a site.
      const site = subscriber !== undefined && subscribers.get(subscriber)?.plan === 'site'
      return site ? undefined : subscriber
    },
  })
  const commonly = { engine, logins: logins({ brake, credentials, engine, now }), caps }
  const doors: SmtpDoor[] = []
  const settings = () => live.door
  const doorLive = (): DoorLive => ({ certificates: live.certificates, settings: live.door })
  if (config.doorThreads > 0 && !overrides.clock) {
    threads = await startDoorThreads(commonly, {
      count: config.doorThreads,
      file: new URL('./door-thread.ts', import.meta.url),
      start: (thread, ports): DoorStart => ({
        listeners: listenersOf(config, overrides.sockets, { thread, ports }),
      }),
      live: doorLive,
      trouble,
    })
  } else {
    const smtp = { ...commonly, sessions, identity, now, settings, trouble }
    for (const listener of listenersOf(config, overrides.sockets))
      doors.push(await openSmtpDoor(listener, { ...smtp, newSessionId: randomNames().record }))
  }
  const policyDoor =
    config.policyService &&
    (await openPolicyDoor({ ...config.policyService, domain: ourDomain }, { engine, now, trouble }))
  const milterDoor =
    config.milter &&
    (await openMilterDoor(
      { ...config.milter, domain: ourDomain, maxSize: config.maxMessageSize },
      { engine, now, newSessionId: randomNames().record, trouble },
    ))
  const looking = reading({
    ledger,
    spool,
    subscribers,
    leases,
    routers,
    credentials,
    ...customers,
    rollouts: () => engine.rollouts?.report(now()) ?? [],
    events,
    skew: config.leaseSkew,
    shared,
  })
  const pages = await openPages(config, {
    engine,
    reading: looking,
    refusals: refused,
    credentials,
    brake,
    factors: customers.factors,
    operations: {
      spool,
      ledger,
      connections: () => caps.open,
      radius: () => sensors.radiusPackets,
      flows: () => sensors.flowCounts,
      lines: () => sensors.lineCounts,
      listen: listener => void events.listen(listener),
      now,
    },
    postmaster: `postmaster@${ourDomain}`,
    now,
  })

  // Chores, every so often in the time Cordon lives in.
  const every = (span: number, chore: (at: number) => Promise<void>, about: string) =>
    setInterval(
      () => void chore(now()).catch(error => trouble(error, about)),
      Math.max(50, clock.real(span)),
    )
  const chores = [
    every(MINUTE, () => engine.chores.reconcile(), 'reconciling the network'),
    every(15 * SECOND, at => engine.chores.deadlines(at), 'deadlines'),
    every(15 * SECOND, at => engine.chores.secondLook(at), 'second look'),
    every(MINUTE, async at => engine.rollouts?.chore(at), 'the rollout'),
    every(10 * MINUTE, at => engine.chores.optOuts(at), 'opt-outs'),
    every(10 * MINUTE, async at => counters.sweep(at), 'forgetting old counters'),
    every(
      10 * MINUTE,
      async at => void (await ledger.forgetLeases(at - config.leaseHistory)),
      'forgetting past leases',
    ),
  ]
  const feed = feedChore(config, engine.command, trouble)
  if (feed && config.subscriberFeed) {
    chores.push(every(config.subscriberFeed.every, feed, 'the subscriber feed'))
    await feed(now()).catch(error => trouble(error, 'the subscriber feed'))
  }
  await engine.chores.reconcile()
  await engine.rollouts?.chore(now())

  return {
    engine,
    events,
    smtpPorts: threads?.ports ?? doors.map(door => door.port),
    consolePort: pages.consolePort,
    portalPort: pages.portalPort,
    firewallLogPort: sensors.firewallLogPort,
    radiusPort: sensors.radiusPort,
    flowsPort: sensors.flowsPort,
    decoyPorts: sensors.decoyPorts,
    policyPort: policyDoor?.port,
    milterPort: milterDoor?.port,
    controlSocket: pages.controlSocket,
    // First what may go wrong, then all of it. What is not in `live` is wired above, once.
    reload: async next => {
      live = worked(next)
      identity.replace(live.certificates)
      threads?.replace(doorLive())
      engine.replaceRules(live.rules)
      recipients.replace(live.recipients)
      delivery.replace(live.delivery)
      caps.replace(live.caps)
      await takeOver(ledger, next, now())
      subscribers.replace(await ledger.subscribers())
      await credentials.load()
      const known = new Set([...leases.all()].filter(one => one.to === undefined).map(leaseKey))
      for (const lease of await ledger.leases(now()))
        if (lease.to === undefined && !known.has(leaseKey(lease))) leases.open(lease)
      return { later: changedKeys(config, next).filter(name => !RELOADED.has(name)) }
    },
    // In the opposite order: nobody new, those inside finish, then the stores.
    close: async () => {
      for (const chore of chores) clearInterval(chore)
      await Promise.all([policyDoor?.close(), milterDoor?.close()])
      await threads?.close(config.drainFor)
      await Promise.all(doors.map(door => door.close(config.drainFor)))
      await Promise.all([pages.close(), sensors.close()])
      await delivery.stop(config.drainFor)
      await engine.idle()
      await archives.close()
      network.close()
      await journalFile.close()
      await counters.close()
      await spool.close()
      await ledger.close()
      giveBack()
    },
  }
}

const leaseKey = ({ realm, prefix, ports, subscriber }: Lease) =>
  `${realm} ${prefix} ${ports?.[0] ?? 0} ${subscriber}`
