// What follows from decisions, as a list: one line each. Some are carried out on every node, about what it has of its own, others on one
// for all. Each node remembers in the ledger how far it has come: a crash between a decision and what follows from it loses nothing.

import type { Changes, Cursor } from '../../ports/changes.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Notices } from '../../ports/notices.ts'
import type { RecordRows } from '../../ports/records.ts'
import type { Sessions } from '../../ports/sessions.ts'
import type { Spool } from '../../ports/spool.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import type { ReconcileParts } from '../network/reconcile.ts'
import type { Lanes } from '../evidence/lanes.ts'
import type { PublishedList } from '../network/published-list.ts'
import type { SecondLookParts } from '../chores/second-look.ts'
import type { NotifyParts } from '../letters/notify.ts'
import type { OptOutParts } from '../port25/opt-outs.ts'
import { closeLines } from './close-lines.ts'
import { cutSessions } from './cut-sessions.ts'
import type { Effect } from './effect.ts'
import { type Feed, type FeedParts, type Follower, openFeed } from './feed.ts'
import { followList } from './follow-list.ts'
import { holdMail } from './hold-mail.ts'
import { placeIn } from './kept-place.ts'
import { letters } from './letters.ts'
import { releaseMail } from './release-mail.ts'
import { takeAway } from './take-away-opt-outs.ts'
import { tellOperator, type TellOperatorParts } from './tell-operator.ts'

export const EFFECTS: readonly Effect<EffectParts>[] = [
  cutSessions,
  holdMail,
  releaseMail,
  closeLines,
  followList,
  takeAway,
  letters,
  tellOperator,
]

/** All that they are carried out with. Each names what it takes of it. */
export type EffectParts = {
  readonly cases: Cases
  readonly notices: Pick<Notices, 'notices'>
  /** Our queue, and what other servers hold for us. */
  readonly spool: Pick<Spool, 'change'>
  readonly sessions: Sessions
  readonly subscribers: Subscribers
  readonly secondLook: SecondLookParts
  readonly reconciler: ReconcileParts
  readonly optOut: OptOutParts | undefined
  readonly notifier: NotifyParts
  readonly letterLanes: Lanes
  readonly list: PublishedList | undefined
  readonly alarms: TellOperatorParts['alarms']
}

export type FollowingParts = {
  readonly changes: Changes
  readonly cases: FeedParts['cases']
  readonly records: PlaceRecords
  /** What this node's place is kept under. */
  readonly node: string
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

type PlaceRecords = Pick<RecordRows, 'get' | 'put'>

export type Effects = {
  /** Resolves when it knows from where to go on. What is saved from now on is followed, whatever happens. */
  readonly ready: Promise<void>
  /** Reads on, and tries again what failed. */
  wake(): Promise<void>
  /** Resolves when what was saved before is carried out, or waits to be tried again. */
  readonly reached: () => Promise<void>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
  /** Writes down how far it has come. */
  keep(): Promise<void>
}

/** Where the ledger keeps how far each follower has come. */
const KIND = 'effects'
/** Of the effects that one node carries out for all. */
const SHARED = 'once'

/** Follows what is saved, from where it was left. */
export function followChanges(parts: FollowingParts, effects: EffectParts): Effects {
  const followers = (where: Effect<EffectParts>['where']): readonly Follower[] =>
    EFFECTS.filter(one => one.where === where).map(one => ({
      name: one.name,
      follow: save => one.follow(save, effects),
    }))
  const opening = Promise.all([
    openKept(parts, { id: parts.node, followers: followers('everywhere') }),
    openKept(parts, { id: SHARED, followers: followers('once') }),
  ])
  const each = async (work: (feed: KeptFeed) => unknown) =>
    void (await Promise.all((await opening).map(work)))
  opening.then(
    feeds => parts.changes.onChange(() => feeds.forEach(one => one.feed.wake())),
    error => parts.trouble(error, 'what follows from decisions'),
  )
  return {
    ready: opening.then(() => undefined),
    wake: () => each(one => one.feed.wake()),
    reached: () => each(one => one.feed.reached()),
    idle: () => each(one => one.feed.idle()),
    keep: () => each(one => one.keep()),
  }
}

type KeptFeed = { readonly feed: Feed; keep(): Promise<void> }

/** A feed that goes on where it was left, also after a restart. */
async function openKept(
  { changes, cases, records, now, trouble }: FollowingParts,
  { id, followers }: { readonly id: string; readonly followers: readonly Follower[] },
): Promise<KeptFeed> {
  const read = async (): Promise<KeptPlace> => {
    const row = await records.get(KIND, id)
    return row ? { rev: row.rev, cursor: placeIn(row.body) } : { rev: 0 }
  }
  let kept = await read()
  const feed = await openFeed({ changes, cases, followers, first: kept.cursor, now, trouble })
  const keep = async () => {
    const cursor = feed.cursor()
    if (cursor === kept.cursor) return
    const place: FeedPlace = { cursor }
    const record = { kind: KIND, id, expectedRev: kept.rev, body: JSON.stringify(place) }
    const rev = await records.put(record)
    // Another node has saved its cursor meanwhile: ours is saved the next time.
    kept = rev === 'stale' ? { rev: (await read()).rev } : { rev, cursor }
  }
  await keep()
  return { feed, keep }
}

type FeedPlace = { readonly cursor: Cursor }
type KeptPlace = Partial<FeedPlace> & { readonly rev: number }
