// Customers, their leases and passwords, and the mailboxes of our domains. The configuration's own customers are taken over
// into the ledger at start and at a reload; what the ledger learned elsewhere stays.

import { availableParallelism } from 'node:os'
import {
  type LedgerCredentials,
  ledgerCredentials,
} from '../drivers/credentials/ledger-credentials.ts'
import { passwordFile } from '../drivers/credentials/password-file.ts'
import { passwordHook } from '../drivers/credentials/password-hook.ts'
import { passwordLdap } from '../drivers/credentials/password-ldap.ts'
import { HISTORY, type MemoryLeases, memoryLeases } from '../drivers/directory/leases-memory.ts'
import {
  type LongSender,
  type RewrittenSenders,
  rewrittenSenders,
} from '../drivers/delivery/rewritten-senders.ts'
import {
  type ConfiguredRecipients,
  configuredRecipients,
} from '../drivers/directory/recipients-configured.ts'
import { withSharedAddresses } from '../drivers/directory/shared-addresses.ts'
import {
  type MemorySubscribers,
  memorySubscribers,
} from '../drivers/directory/subscribers-memory.ts'
import { ledgerRecords } from '../drivers/ledger/ledger-records.ts'
import { keepToldElsewhere } from '../drivers/directory/from-file.ts'
import { type Batv, batv } from '../mail/batv.ts'
import { srs } from '../mail/srs.ts'
import { type InTurn, oneAtATime } from '../model/in-turn.ts'
import { parsePrefix, type Prefix } from '../model/ip.ts'
import type { DeterministicMap } from '../model/shared-address.ts'
import { fairQueue } from '../wire/fair-queue.ts'
import { type KnownSources, knownSources } from '../wire/known-sources.ts'
import { accountOf } from '../wire/logins.ts'
import type { Scope } from './scope.ts'
import type { Chosen, Keys, Settings } from './settings.ts'
import type { Stores } from './stores.ts'
import { prepareTakingOver, type Taken, takeOverAtStart } from './taking-over.ts'
import { domainsInForce, withoutWaiting } from './waiting-logins.ts'
import type { World } from './world.ts'

export type Directory = {
  readonly subscribers: MemorySubscribers
  readonly leases: MemoryLeases
  /** Addresses that are shared by arithmetic (RFC 7422). */
  readonly shared: readonly DeterministicMap[]
  readonly recipients: ConfiguredRecipients
  readonly credentials: LedgerCredentials
  /** Where a login was used with the right password. */
  readonly known: KnownSources
  readonly isLocal: (domain: string) => boolean
  /** Where our own letters come from: the first of our domains. */
  readonly ourDomain: string
  readonly tags: Batv
  readonly forwarded: RewrittenSenders
  /** Called when a reload has taken over the customers of the file. */
  onTaken(hear: HearTaken): void
  /** For code that changes which customers there are or their secrets, from what it reads until memory and the ledger have the same. */
  readonly inTurn: InTurn
  /** A feed or an import has told of these customers: they are not the file's alone. */
  toldElsewhere(ids: ReadonlySet<string>): Promise<void>
}

/** Resolves when their secrets are gone as well. */
type HearTaken = (taken: Taken) => Promise<void>

const CUSTOMERS = { subscribers: 'live', leases: 'live' } as const satisfies Keys
const MAILBOXES = {
  domains: 'restart',
  hostname: 'restart',
  forwards: 'live',
  mailboxes: 'live',
  traps: 'live',
  recipientDelimiter: 'restart',
} as const satisfies Keys
const ADDRESSES = { leaseSkew: 'restart', sharedAddresses: 'restart' } as const satisfies Keys
const PASSWORDS = { passwords: 'live' } as const satisfies Keys
export const DIRECTORY_READS = [CUSTOMERS, MAILBOXES, ADDRESSES, PASSWORDS]

export function openDirectory(
  scope: Scope,
  settings: Settings,
  { stores: { ledger, counters, keys }, world }: { readonly stores: Stores; readonly world: World },
): Promise<Directory> {
  return scope.open('directory', async () => {
    const { now, trouble } = world
    const customers = settings.of(CUSTOMERS, next =>
      prepareTakingOver(
        { ledger, subscribers, leases, credentials, now, forget, told: taken => hearTaken(taken) },
        { ...next, subscribers: withoutWaiting(next.subscribers, ours) },
      ),
    )
    const boxes = settings.of(MAILBOXES, next => {
      const replacement = mailboxesOf(next)
      return () => recipients.replace(replacement)
    }).now
    const ours = domainsInForce({ ...boxes, subscribers: customers.now.subscribers })
    const subscribers = memorySubscribers(
      await ledger.customers.subscribers(),
      boxes.recipientDelimiter,
    )
    await takeOverAtStart({ ledger, subscribers, now }, customers.now)
    let hearTaken: HearTaken = async () => undefined
    const { leaseSkew, sharedAddresses } = settings.of(ADDRESSES).now
    const shared = sharedAddressesOf(sharedAddresses)
    const leases = withSharedAddresses(
      memoryLeases(await ledger.leaseRows.leases(now() - HISTORY), leaseSkew, now),
      shared,
    )

    const ourDomain = boxes.domains[0] ?? boxes.hostname
    const forwarded = await forwardedFrom(ourDomain, { ledger, secret: keys.secret, trouble })
    const recipients = configuredRecipients(mailboxesOf(boxes), subscribers, address =>
      forwarded.reverse(address, now()),
    )

    const passwords = settings.of(PASSWORDS, next => {
      const replacement = passwordSources(next, trouble)
      return () => {
        elsewhere = replacement
        return credentials.load()
      }
    })
    let elsewhere = passwordSources(passwords.now, trouble)
    const known = knownSources(counters, now)
    const forget = (login: string) => known.forget(accountOf(login))
    const credentials = ledgerCredentials({
      accounts: ledger.accounts,
      subscribers,
      elsewhere: () => elsewhere,
      secret: keys.secret,
      scram: () => passwords.now.passwords.scram,
      // One core is left to everything else.
      queue: fairQueue({ width: Math.max(1, availableParallelism() - 1) }),
      changed: forget,
      trouble,
    })
    await credentials.load()

    return {
      subscribers,
      leases,
      shared,
      recipients,
      credentials,
      known,
      isLocal: domain => recipients.isLocal(domain),
      ourDomain,
      tags: batv(keys.secret),
      forwarded,
      onTaken: hear => void (hearTaken = hear),
      inTurn: oneAtATime(),
      toldElsewhere: ids => keepToldElsewhere(ledger.records, ids),
    }
  })
}

type Forwarding = Pick<World, 'trouble'> & {
  readonly ledger: Pick<Stores['ledger'], 'records'>
  readonly secret: string
}

const forwardedFrom = async (
  domain: string,
  { ledger: { records }, secret, trouble }: Forwarding,
): Promise<RewrittenSenders> =>
  rewrittenSenders({
    srs: srs(domain, secret),
    tokens: await ledgerRecords<LongSender>(records, 'long-sender'),
    domain,
    secret,
    trouble,
  })

/** Traps of our own domains are mailboxes like others. */
const mailboxesOf = (config: Chosen<typeof MAILBOXES>) => ({
  ...config,
  mailboxes: [...config.mailboxes, ...config.traps],
})

/** Asked in this order for logins whose password the ledger does not hold. */
const passwordSources = (
  { passwords: { file, ldap, hook } }: Chosen<typeof PASSWORDS>,
  trouble: World['trouble'],
) => [
  ...(file === undefined ? [] : [passwordFile(file, trouble)]),
  ...(ldap ? [passwordLdap(ldap, trouble)] : []),
  ...(hook ? [passwordHook(hook, trouble)] : []),
]

const sharedAddressesOf = (
  maps: Chosen<typeof ADDRESSES>['sharedAddresses'],
): readonly DeterministicMap[] =>
  maps.map(map => ({
    ...map,
    inside: parsePrefix(map.inside) as Prefix,
    outside: map.outside.map(text => parsePrefix(text) as Prefix),
  }))
