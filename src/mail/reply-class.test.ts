import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classifyReply } from './reply-class.ts'

test('replies of well-known servers are understood', () => {
  const cases: [number, string, string][] = [
    [
      550,
      '5.1.1 <x@y>: Recipient address rejected: User unknown in local recipient table',
      'unknown-user',
    ],
    [550, '5.1.1 The email account that you tried to reach does not exist', 'unknown-user'],
    [550, 'Requested action not taken: mailbox unavailable; no such user', 'unknown-user'],
    [554, '5.7.1 Message rejected as spam by Content Filtering', 'spam-refused'],
    [552, '5.2.2 Mailbox full', 'mailbox-full'],
    [550, '5.7.1 Relaying denied', 'policy'],
    [451, '4.7.1 Greylisted, try again', 'temporary'],
  ]
  for (const [code, text, want] of cases) assert.equal(classifyReply(code, text), want, text)
})
