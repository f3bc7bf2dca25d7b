// Results of scanners, the content of archives, and the results of strangers' signatures: looked up all at once, when the whole message
// is in.

import { isPublic } from '../../core/policy/public-address.ts'
import type { AttachedArchive } from '../../model/attached-archive.ts'
import type { Authentication } from '../../model/authentication.ts'
import type { MessageSummary, ScanResult } from '../../model/message.ts'
import type { Transaction } from '../../model/step.ts'
import type { Archives, ArchiveListing, Unlisted } from '../../ports/archives.ts'
import type { Authenticator } from '../../ports/authenticator.ts'
import type { Readings } from '../../ports/readings.ts'
import type { Scanned, Scanner } from '../../ports/scanner.ts'
import { turnOf } from './turn-of.ts'

export type InsideParts = {
  readonly scanner: Scanner
  readonly authenticator: Authenticator
  readonly archives: Archives
  readonly readings: Pick<Readings, 'begin'>
}

export type Inside = {
  readonly scan: ScanResult
  readonly authentication: Authentication | undefined
  readonly listed: ArchiveListing
}

const NO_ARCHIVES: ArchiveListing = Object.freeze({ names: [], encrypted: false })
const UNSEEN: ScanResult = Object.freeze({ content: 'unseen' })

export async function lookInside(
  parts: InsideParts,
  tx: Transaction,
  {
    archives,
    ours,
    ...message
  }: Pick<Scanned, 'summary' | 'id' | 'read' | 'ours'> & {
    readonly archives: readonly AttachedArchive[]
  },
): Promise<Inside> {
  if (tx.listener === 'internal')
    return { scan: UNSEEN, authentication: undefined, listed: NO_ARCHIVES }
  const { address } = tx.client
  const inbound = tx.listener === 'inbound'
  const scanned = parts.scanner.sees === 'all' || ours
  const { helo, sender, recipients, login } = tx
  const [scan, authentication, listed] = await Promise.all([
    scanned
      ? parts.scanner.scan({
          ...message,
          ours,
          folds: tx.elsewhere ? 'postfix' : 'ours',
          address,
          helo,
          sender,
          recipients,
          ...(login === undefined ? {} : { login }),
        })
      : UNSEEN,
    // A machine of our own that hands mail on is not its sender.
    inbound && isPublic(address)
      ? parts.readings.begin(turnOf(tx), () =>
          parts.authenticator.check(
            { address, helo, sender, authors: message.summary.from },
            message.read(),
          ),
        )
      : undefined,
    archives.length === 0 ? NO_ARCHIVES : parts.archives.list(archives, { turn: turnOf(tx) }),
  ])
  return { scan, authentication, listed }
}

/** The summary, with what is in the archives. */
export function withListed(
  summary: MessageSummary,
  { names, encrypted, unlisted, within, locked }: ArchiveListing,
): MessageSummary {
  if (names.length === 0 && !encrypted && unlisted === undefined) return summary
  const more = Object.keys(unlisted ?? {}) as (keyof Unlisted)[]
  const all = new Set([...(summary.unreadable ?? []), ...more])
  return {
    ...summary,
    ...(names.length === 0 ? {} : { archived: names }),
    ...(within === undefined ? {} : { archivedIn: within }),
    ...(encrypted ? { encryptedArchive: true } : {}),
    ...(locked === undefined ? {} : { locked }),
    ...(all.size === 0 ? {} : { unreadable: [...all] }),
    ...(unlisted === undefined ? {} : { unlisted: { ...summary.unlisted, ...unlisted } }),
  }
}
