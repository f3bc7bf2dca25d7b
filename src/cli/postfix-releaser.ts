// Whether what Postfix holds can be released by Cordon: the releaser answers, also to the user that Cordon runs as, it is that of this Postfix,
// and queue ids are never used twice.

import { type HeldWhere, HoldQueueAway } from '../ports/hold-queue.ts'
import type { ReleaserQueue } from '../drivers/releaser/socket-hold-queue.ts'
import type { RefusedTo } from './opens-as.ts'
import { isYes, type Service, valueIn } from './postfix-settings.ts'
import type { Way } from './postfix-way.ts'

type PostfixHold = {
  readonly settings: ReadonlyMap<string, string>
  readonly services: readonly Service[]
  /** Undefined: cordon.yaml names no releaser. */
  readonly queue: Pick<ReleaserQueue, 'list' | 'where'> | undefined
  /** The Postfix that is looked at. */
  readonly here: HeldWhere
  /** Where the releaser is asked. */
  readonly socket?: string | undefined
  /** The window of `evidence.episodes` is in force. */
  readonly paces?: boolean
  /** The policy service counts at RCPT. */
  readonly countsAtRcpt?: boolean
  /** Undefined: it is not known. */
  readonly readsLog?: boolean | undefined
  /** What the user that Cordon runs as is told there; it may be another than asks here. */
  readonly refused?: (socket: string) => RefusedTo | undefined
}

const noHold = ({ paces = false }: Pick<PostfixHold, 'paces'>): string =>
  `mail over a limit${paces ? ' or beyond the window of its sender' : ''} is not held, and what is held is not released`

const NO_RESULTS =
  'what becomes of mail (unknown users, refusals, acceptances) is not read: cordon.yaml: mailLog'
const NOT_PACED =
  'the policy service counts at RCPT, so that the window of evidence.episodes holds none of its mail: policyService.countAt: end-of-message'

/** As an entry of the list of ways in. */
export async function releaserOf(hold: PostfixHold): Promise<Way> {
  const { queue, here, socket } = hold
  const missing = shortIds(hold)
  const notes: string[] = hold.paces && hold.countsAtRcpt ? [NOT_PACED] : []
  if (hold.readsLog === false) notes.push(NO_RESULTS)
  const away = queue ? await awayOf(queue) : 'cordon.yaml has no releaser'
  const where = queue && away === undefined ? await whereOf(queue) : here
  if (away !== undefined)
    missing.push({
      what: `the releaser does not answer (${away}): ${noHold(hold)}`,
      write: 'systemctl enable --now cordon-releaser.socket; cordon.yaml: releaser: {}',
    })
  const refused = away === undefined && socket !== undefined ? hold.refused?.(socket) : undefined
  if (refused) missing.push(notToCordon(refused, hold))
  if (!where)
    notes.push(
      'the releaser does not say of which Postfix it is: install etc/cordon-releaser of this version',
    )
  const isOther =
    where !== undefined && (where.queue !== here.queue || where.hostname !== here.hostname)
  if (isOther)
    missing.push({
      what: `the releaser is that of another Postfix (${saidOf(where)}, and this is ${saidOf(here)}): what this one holds is never released`,
      write:
        'systemctl edit cordon-releaser@.service: Environment=MAIL_CONFIG=… and ReadWritePaths=… of this instance; or the releaser of this machine',
    })
  const isReleased = away === undefined && !refused && !isOther
  return {
    service: 'held mail',
    asked: isReleased ? ['releaser'] : [],
    missing,
    notes,
    state: isReleased ? 'released by Cordon' : 'not released',
  }
}

const notToCordon = (
  { user, group, why, rights }: RefusedTo,
  hold: PostfixHold,
): Way['missing'][number] => {
  const { socket = '' } = hold
  return {
    what: `the releaser answers here, and not to ${user}, as whom Cordon runs (${why}; ${socket} is ${rights}): ${noHold(hold)}`,
    write: `chgrp ${group} ${socket} && chmod 660 ${socket}, and the same at each start: SocketGroup= and SocketMode=0660 of cordon-releaser.socket, or mode= and group= of socat; ${user} must come through the folders above it, too`,
  }
}

const saidOf = ({ hostname, queue }: HeldWhere): string => `${hostname}, ${queue}`

/** Queue ids are given by cleanup. */
function shortIds(hold: PostfixHold): Way['missing'][number][] {
  const { settings, services } = hold
  const name = 'enable_long_queue_ids'
  const what = `queue ids are used again for other messages: ${noHold(hold)}`
  const inMain = isYes(valueIn(settings)(name))
  const otherwise = services.filter(
    ({ program, overrides }) =>
      program === 'cleanup' && overrides.has(name) && !isYes(valueIn(settings, overrides)(name)),
  )
  return [
    ...(inMain ? [] : [{ what, write: `main.cf: ${name} = yes` }]),
    ...otherwise.map(one => ({ what, write: `master.cf, ${one.name}: take -o ${name} out` })),
  ]
}

const awayOf = (queue: Pick<ReleaserQueue, 'list'>): Promise<string | undefined> =>
  queue.list().then(
    () => undefined,
    error => {
      if (!(error instanceof HoldQueueAway)) throw error
      return error.message
    },
  )

/** It answered before: what it does not say, it does not know. */
const whereOf = (queue: Pick<ReleaserQueue, 'where'>): Promise<HeldWhere | undefined> =>
  queue.where().catch(error => {
    if (!(error instanceof HoldQueueAway)) throw error
    return undefined
  })
