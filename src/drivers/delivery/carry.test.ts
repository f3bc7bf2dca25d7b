import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimOf } from '../../../test/support/claim-of.ts'
import { carry } from './carry.ts'
import type { Hop } from './hop.ts'
import { forAll, type Sent } from './smtp-client.ts'

const hop = (host: string, more: Partial<Hop> = {}): Hop => ({
  host,
  port: 25,
  protocol: 'smtp',
  tls: 'opportunistic',
  ...more,
})
const TO = 'a@far.example'
const answer = (code: number, text: string, more: Partial<Sent> = {}): Sent => ({
  replies: forAll([TO], { code, text }),
  ...more,
})

/** What is answered in the end, and which servers were tried. */
async function carried(
  hops: readonly Hop[],
  answers: Readonly<Record<string, Sent>>,
  requireTls = false,
) {
  const tried: string[] = []
  const claim = claimOf([TO], requireTls ? { esmtp: { requireTls: true } } : {})
  const outcome = await carry(
    {
      spool: { body: async () => (async function* () {})() },
      pool: {
        send: async ({ host }) => {
          tried.push(host)
          return answers[host] ?? answer(250, 'taken')
        },
      },
      mailboxes: '/nowhere',
      senderAway: async ({ sender }) => sender,
      seal: async () => '',
      trouble: error => {
        throw error
      },
    },
    {
      claim,
      route: { kind: 'hops', destination: 'far.example', hops },
      recipients: claim.recipients,
    },
  )
  return { tried, text: outcome.replies.get(TO)?.text, answered: outcome.answered }
}

const away = answer(0, 'connect ECONNREFUSED', { unreached: true })
const unsafe = answer(0, '4.7.5 MTA-STS of far.example: certificate has expired', {
  unreached: true,
  unsafe: true,
})

test('a server whose TLS is not what is asked for is passed over, and is what is told in the end', async () => {
  const hops = [hop('first'), hop('second'), hop('third')]
  const taken = await carried(hops, { first: unsafe })
  assert.deepEqual(taken, { tried: ['first', 'second'], text: 'taken', answered: true })
  const refused = await carried(hops, { first: away, second: unsafe, third: away })
  assert.deepEqual(refused.tried, ['first', 'second', 'third'])
  assert.match(refused.text ?? '', /certificate has expired/)
  assert.equal(refused.answered, false)
})

test('with REQUIRETLS only servers are tried that are verified: by the route, MTA-STS or DANE', async () => {
  const dane = { records: [], names: [] }
  const hops = [
    hop('any'),
    hop('encrypts', { tls: 'required' }),
    hop('dane', { tls: 'required', dane }),
    hop('named', { tls: 'verified' }),
  ]
  assert.deepEqual((await carried(hops, { dane: away }, true)).tried, ['dane', 'named'])
  const none = await carried(hops.slice(0, 2), {}, true)
  assert.deepEqual(none, {
    tried: [],
    text: '5.7.30 no server on the way can be verified',
    answered: true,
  })
})
