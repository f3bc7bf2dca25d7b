// Our own letters and reports reach our own users, whatever the rules say of mail from outside.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW, smallCordon } from '../../../test/support/small-cordon.ts'
import { shipped } from '../../../test/support/shipped.ts'
import { RULE_NAMES, type RuleName } from '../../core/policy/shipped-rules.ts'
import type { Mode } from '../../core/policy/rule.ts'
import { DAY } from '../../model/duration.ts'
import type { Transaction } from '../../model/step.ts'
import { post, tellSender } from './internal-mail.ts'

const ANNA = 'anna@isp.example'

/** Every rule enforces, no stranger is welcome, and one message a day fills the quota of a recipient. */
const STRICT: Parameters<typeof smallCordon>[1] = {
  modes: Object.fromEntries(RULE_NAMES.map(name => [name, 'enforce'])) as Record<RuleName, Mode>,
  bounceControl: { ...shipped.policy.bounceControl, observes: 0 },
  quotas: {
    ...shipped.policy.quotas,
    quotas: [
      {
        name: 'inbound',
        listeners: ['inbound'],
        per: ['recipient'],
        count: 'messages',
        limit: 1,
        in: DAY,
        over: 'reject',
      },
    ],
  },
}

const SENT: Transaction = {
  session: 's',
  listener: 'submission',
  at: NOW - DAY,
  client: { realm: 'main', address: '203.0.113.7', port: 25 },
  tls: true,
  helo: 'x',
  login: ANNA,
  sender: ANNA,
  recipients: ['friend@meadow.example'],
  extended: true,
  esmtp: {},
}

test('reports and letters to our own users are asked none of the rules for strangers', async t => {
  const { engine, spool, close } = await smallCordon(undefined, STRICT)
  t.after(close)
  const draft = await engine.open(SENT)
  await draft.write(Buffer.from(`From: ${ANNA}\r\nSubject: out\r\n\r\nhello\r\n`))
  assert.equal((await draft.finish()).verdict.kind, 'accept')
  const claim = {
    message: 'm1',
    sender: ANNA,
    subject: 'out',
    at: SENT.at,
    bounceable: true,
    expires: NOW + DAY,
  }
  const reported = [
    { address: 'x@y.example', action: 'failed', status: '5.1.1', answer: '550 no' },
  ] as const
  for (let i = 0; i < 3; i++)
    await tellSender(engine, claim, reported, { ourName: 'mail.isp.example', at: NOW + i, spool })
  // Not to the envelope sender of mail that may be forged, and not about a report.
  for (const quiet of [
    { ...claim, bounceable: false },
    { ...claim, sender: '' },
  ])
    await tellSender(engine, quiet, reported, { ourName: 'mail.isp.example', at: NOW, spool })
  const waiting = await spool.list({})
  assert.equal(waiting.length, 4, 'what she sent, and three reports')
  assert.equal(waiting.filter(row => row.recipient === ANNA && row.state === 'queued').length, 3)
})

test('who writes a letter hears when it was not taken', async () => {
  const refusing = {
    open: async () => ({
      write: async () => undefined,
      abort: async () => undefined,
      finish: async () => ({ verdict: { kind: 'reject', reason: 'policy' } }) as never,
    }),
  }
  const posting = { sender: '', to: ANNA, at: NOW, ourName: 'mail.isp.example' }
  await assert.rejects(post(refusing, posting, Buffer.from('Subject: x\r\n\r\n')), /not taken/)
})
