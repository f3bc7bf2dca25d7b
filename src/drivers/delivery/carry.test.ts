import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimOf } from '../../../test/support/claim-of.ts'
import type { EsmtpParameters } from '../../model/esmtp-parameters.ts'
import { carry } from './carry.ts'
import type { Hop } from './hop.ts'
import type { Outcome } from './job.ts'
import type { Route } from './routes.ts'
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

/** What comes of a claim on this route, where these servers answer. */
function carriedBy(
  send: (to: Hop) => Sent,
  route: Route,
  esmtp?: EsmtpParameters,
): Promise<Outcome> {
  const claim = claimOf([TO], esmtp ? { esmtp } : {})
  return carry(
    {
      spool: { body: async () => (async function* () {})() },
      pool: { send: async to => send(to) },
      mailboxes: '/nowhere',
      senderAway: async ({ sender }) => sender,
      seal: async () => '',
      trouble: error => {
        throw error
      },
    },
    { claim, route, recipients: claim.recipients },
  )
}

/** What is answered in the end, and which servers were tried. */
async function carried(
  hops: readonly Hop[],
  answers: Readonly<Record<string, Sent>>,
  requireTls = false,
) {
  const tried: string[] = []
  const send = ({ host }: Hop) => {
    tried.push(host)
    return answers[host] ?? answer(250, 'taken')
  }
  const route = { kind: 'hops', destination: 'far.example', hops } as const
  const outcome = await carriedBy(send, route, requireTls ? { requireTls } : undefined)
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

test('a report of TLS goes in any case, also where a policy forbids the server; other mail does not', async () => {
  const domain = 'far.example'
  const reported = {
    policy: { kind: 'sts', domain, lines: [], mx: [] },
    mx: 'mx.far.example',
  } as const
  const enforced = hop('192.0.2.1', { tls: 'verified', asked: 'MTA-STS of far.example', reported })
  const hops: Hop[] = []
  const send = (one: Hop) => {
    hops.push(one)
    return answer(250, 'taken')
  }
  const forbidden = { permanent: false, status: '4.7.5', why: 'it is forbidden' }
  const to = async (given: readonly Hop[], kind: 'hops' | 'nowhere', tlsOptional: boolean) => {
    const route: Route =
      kind === 'hops'
        ? { kind, destination: domain, hops: given }
        : { kind, ...forbidden, hops: given }
    const outcome = await carriedBy(send, route, tlsOptional ? { tlsOptional } : undefined)
    return outcome.replies.get(TO)?.code
  }
  assert.equal(await to([enforced], 'hops', true), 250)
  assert.deepEqual(hops.splice(0), [hop('192.0.2.1')])
  const written = hop('192.0.2.9', { tls: 'verified' })
  assert.equal(await to([written], 'hops', true), 250)
  assert.deepEqual(hops.splice(0), [written], 'what the operator wrote stays')
  assert.equal(await to([enforced], 'hops', false), 250)
  assert.deepEqual(hops.splice(0), [enforced])
  assert.equal(await to([hop('192.0.2.1')], 'nowhere', true), 250)
  assert.equal(await to([hop('192.0.2.1')], 'nowhere', false), 450)
  assert.equal(hops.length, 1)
})
