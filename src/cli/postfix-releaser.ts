// Whether what Postfix holds can be released by Cordon: the releaser answers, and queue ids are never used twice.

import { type HoldQueue, HoldQueueAway } from '../ports/hold-queue.ts'
import type { Way } from './postfix-ways-in.ts'

type PostfixHold = {
  readonly settings: ReadonlyMap<string, string>
  /** Undefined: cordon.yaml names no releaser. */
  readonly queue: Pick<HoldQueue, 'list'> | undefined
}

/** As an entry of the list of ways in. */
export async function releaserOf({ settings, queue }: PostfixHold): Promise<Way> {
  const missing: Way['missing'][number][] = []
  if (settings.get('enable_long_queue_ids') !== 'yes')
    missing.push({
      what: 'queue ids are used again for other messages: mail over a limit is not held, and what is held is not released',
      write: 'main.cf: enable_long_queue_ids = yes',
    })
  const away = queue ? await awayOf(queue) : 'cordon.yaml has no releaser'
  if (away !== undefined)
    missing.push({
      what: `the releaser does not answer (${away}): mail over a limit is not held, and what is held is not released`,
      write: 'systemctl enable --now cordon-releaser.socket; cordon.yaml: releaser: {}',
    })
  const state = away === undefined ? 'released by Cordon' : 'not released'
  return {
    service: 'held mail',
    asked: away === undefined ? ['releaser'] : [],
    missing,
    notes: [],
    state,
  }
}

const awayOf = (queue: Pick<HoldQueue, 'list'>): Promise<string | undefined> =>
  queue.list().then(
    () => undefined,
    error => {
      if (!(error instanceof HoldQueueAway)) throw error
      return error.message
    },
  )
