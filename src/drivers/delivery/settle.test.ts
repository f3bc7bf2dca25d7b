// What is told of a message that was taken.

import { ownRefusals } from './own-refusals.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewEvent } from '../../model/event.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import { claimOf } from '../../../test/support/claim-of.ts'
import type { Job } from './job.ts'
import { conclude } from './settle.ts'

const FACTS: MessageFacts = {
  content: 'clean',
  repeated: false,
  recipients: 1,
  firstTime: 1,
  exempt: false,
  subjects: ['line:anna'],
}

function told(route: Job['route'], facts: MessageFacts): NewEvent | undefined {
  const claim = claimOf(['b@far.example'], { sender: 'anna@isp.example', facts })
  const { recipients } = claim
  const events: NewEvent[] = []
  const replies = new Map([['b@far.example', { code: 250, text: 'taken' }]])
  conclude(
    {
      spool: { settle: async () => undefined },
      report: event => void events.push(event),
      hide: address => address,
      tell: async () => undefined,
      alarm: () => undefined,
      ownMail: () => undefined,
      ownRefusals: ownRefusals(),
      mailboxGone: () => undefined,
    },
    { claim, route, recipients },
    { replies, relay: 'mx', final: false, reports: false, answered: true },
    1,
  )
  return events[0]
}

const factsOf = (event: NewEvent | undefined) =>
  event?.kind === 'delivery-done' ? event.facts : undefined

test('the facts of a message go with its acceptance by a server of the recipient’s domain, and by no other', () => {
  const hops = (destination: string): Job['route'] => ({ kind: 'hops', destination, hops: [] })
  assert.deepEqual(factsOf(told(hops('far.example'), FACTS)), FACTS)
  const mailbox = { kind: 'mailbox', destination: 'mailbox b', name: 'b' } as const
  assert.deepEqual(factsOf(told(mailbox, FACTS)), FACTS)
  assert.equal(factsOf(told(hops('smarthost.example:25'), FACTS)), undefined)
  assert.equal(factsOf(told(hops('far.example'), { ...FACTS, exempt: true })), undefined)
})
