// `cordon queue show ID`: one message that waits: from whom to whom, each recipient's state, what comes next, and what the journal says of it.

import { Command } from 'commander'
import type { QueueRow } from '../ports/spool.ts'
import type { ControlOptions } from './control-client.ts'
import { BUCKETS } from './episode-words.ts'
import { type EventsAnswer, eventsOf, shownEvents } from './journal-lines.ts'
import { NotSo } from './failures.ts'
import { askList } from './list-pages.ts'
import { sayJson } from './in-json.ts'
import { nextOf } from './queue-next.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { harmless, table, when } from './table.ts'

/** The journal is asked from a little before the message came. */
const BEFORE = 60_000

export function queueShowCommand(): Command {
  return controlOptions(
    new Command('show')
      .description('one message: its recipients, what it waits for, and what happened to it')
      .argument('<message>', 'queue id; Postfix’s, of what it holds'),
  ).action(
    sayingWhy(async (message: string, options: ControlOptions) => {
      const all = { ...options, limit: Number.POSITIVE_INFINITY }
      const { rows } = await askList<QueueRow>(all, '/queue', { message })
      const [first] = rows
      if (!first)
        throw new NotSo(
          `no message ${message} is in the queue. cordon events ${message} says what became of it.`,
        )
      const events = await eventsOf(options, `message:${first.message}`, first.at - BEFORE)
      if (options.json) sayJson({ rows, truncated: false, events: events.rows })
      else console.log(shown(rows, events))
    }),
  )
}

/** `rows`: of one message, at least one. */
export function shown(rows: readonly QueueRow[], events: EventsAnswer): string {
  const [first] = rows as readonly [QueueRow]
  const { message, keptAs, subject, nats, payer, subscriber, login } = first
  const facts: [string, string | undefined][] = [
    ['message', keptAs === undefined ? message : `${keptAs} (${message}), kept by Postfix`],
    ['came', when(first.at)],
    ['from', first.sender || '<> (a bounce)'],
    ['login', login],
    ['customer', subscriber],
    ['subject', subject],
    ['evidence', nats > 0 ? `${nats.toFixed(1)} nats` : 'none'],
    ['content', contentOf(first)],
    ['window of', payer],
  ]
  const said = facts.flatMap(([head, words]) =>
    words === undefined || words === '' ? [] : [`${head.padEnd(10)}${harmless(words)}`],
  )
  const recipients = table(
    ['STATE', 'TO', 'NEXT', 'ATTEMPTS', 'WHY'],
    rows.map(row => [row.state, toOf(row), nextOf(row), String(row.attempts), whyOf(row)]),
  )
  const happened =
    events.rows.length === 0 ? 'The journal has nothing of it any more.' : shownEvents(events)
  return [said.join('\n'), recipients, happened].join('\n\n')
}

function contentOf({ spam, clean }: QueueRow): string {
  if (spam) return 'taken for spam'
  return clean ? 'read, and found clean' : 'not judged by a scanner'
}

/** Another server's message is one row for all of its recipients. */
export function toOf({ recipient, recipients = 1 }: QueueRow): string {
  if (recipient === '') return `${recipients} ${recipients === 1 ? 'recipient' : 'recipients'}`
  return recipients > 1 ? `${recipient} and ${recipients - 1} more` : recipient
}

/** Of what waits for its turn, what it waits for. */
export const whyOf = ({ state, why = '', bucket }: QueueRow): string =>
  state === 'paced' && bucket ? `${why}: ${BUCKETS[bucket]}` : why
