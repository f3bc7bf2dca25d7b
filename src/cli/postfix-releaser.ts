// Whether what Postfix holds can be released by Cordon: the releaser answers, and queue ids are never used twice.

import { type HoldQueue, HoldQueueAway } from '../ports/hold-queue.ts'
import type { Way } from './postfix-ways-in.ts'

type PostfixHold = {
  readonly settings: ReadonlyMap<string, string>
  readonly queue: Pick<HoldQueue, 'list'>
}

export const HELD_MAIL = 'held mail'

/** As an entry of the list of ways in. */
export async function releaserOf({ settings, queue }: PostfixHold): Promise<Way> {
  const missing: Way['missing'][number][] = []
  if (settings.get('enable_long_queue_ids') !== 'yes')
    missing.push({
      what: 'queue ids are used again for other messages: mail over a limit is not held, and what is held is not released',
      write: 'main.cf: enable_long_queue_ids = yes',
    })
  const away = await queue.list().then(
    () => undefined,
    error => {
      if (!(error instanceof HoldQueueAway)) throw error
      return error.message
    },
  )
  if (away !== undefined)
    missing.push({
      what: `the releaser does not answer (${away}): mail over a limit is not held, and what is held is not released`,
      write: 'systemctl enable --now cordon-releaser.socket; cordon.yaml: releaser: {}',
    })
  return { service: HELD_MAIL, asked: away === undefined ? ['releaser'] : [], missing, notes: [] }
}
