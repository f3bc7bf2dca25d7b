import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttributedStep } from '../../model/step.ts'
import type { Match } from '../../model/access-match.ts'
import { access, type AccessEntry } from './access.ts'
import { fact } from '../../../test/support/judging.ts'
import { NOTHING_KNOWN } from './rule.ts'

const step = (given: Partial<AttributedStep> & { address?: string }): AttributedStep => ({
  session: 's',
  listener: 'inbound',
  stage: 'rcpt',
  at: 0,
  client: { realm: 'main', address: given.address ?? '198.51.100.7', port: 25 },
  tls: false,
  helo: 'mx.meadow.example',
  sender: 'ann@meadow.example',
  recipient: 'bert@isp.example',
  who: { realm: 'main', address: '', port: 0, sure: 'unknown' },
  inForce: [],
  ...given,
})

const answer = (
  entries: readonly AccessEntry[],
  given: Parameters<typeof step>[0] = {},
  groups: Record<string, Match> = {},
) => access('enforce', { entries, groups }).decide(step(given), NOTHING_KNOWN)

const refuses = (match: Match, given: Parameters<typeof step>[0] = {}, groups = {}) =>
  answer([{ match, action: 'reject' }], given, groups)?.kind === 'reject'

test('a group of no such name fits nothing, whatever objects of JavaScript have by it', () => {
  for (const name of ['constructor', '__proto__', 'toString'])
    assert.ok(!refuses({ group: [name] }), name)
})

test('each kind of pattern', () => {
  assert.ok(refuses({ address: ['192.0.2.0/24', '198.51.100.7'] }))
  assert.ok(refuses({ address: ['2001:db8::/32'] }, { address: '2001:db8:1::1' }))
  assert.ok(!refuses({ address: ['198.51.100.8'] }))
  assert.ok(refuses({ helo: ['.meadow.example'] }))
  assert.ok(!refuses({ helo: ['.meadow.example'] }, { helo: 'meadow.example' }))
  assert.ok(refuses({ sender: ['@meadow.example'] }))
  assert.ok(refuses({ sender: ['.example'] }))
  assert.ok(!refuses({ sender: ['@meadow.example'] }, { sender: 'x@sub.meadow.example' }))
  assert.ok(refuses({ sender: ['<>'] }, { sender: '' }))
  assert.ok(!refuses({ sender: ['<>'] }))
  assert.ok(refuses({ recipient: ['Bert@ISP.example'] }))
  assert.ok(refuses({ login: ['@isp.example'] }, { login: 'anna@isp.example' }))
  assert.ok(!refuses({ login: ['@isp.example'] }))
})

test('all that is named must fit; not, and groups in groups, and groups that contain themselves', () => {
  assert.ok(!refuses({ sender: ['@meadow.example'], recipient: ['carl@isp.example'] }))
  assert.ok(!refuses({ sender: ['@meadow.example'], not: { recipient: ['bert@isp.example'] } }))
  assert.ok(refuses({ sender: ['@meadow.example'], not: { recipient: ['carl@isp.example'] } }))
  const groups = {
    partners: { group: ['meadow', 'copper'] },
    meadow: { sender: ['@meadow.example'] },
    round: { group: ['round'] },
  }
  assert.ok(refuses({ group: ['partners'] }, {}, groups))
  assert.ok(!refuses({ group: ['partners'] }, { sender: 'x@tin.example' }, groups))
  assert.ok(!refuses({ group: ['round'] }, {}, groups))
  assert.ok(!refuses({ group: ['nobody'] }, {}, groups))
  assert.ok(!refuses({}), 'an entry that names nothing is nobody')
})

test('the first that fits decides', () => {
  const entries: AccessEntry[] = [
    { match: { sender: ['boss@meadow.example'] }, action: 'accept' },
    { match: { sender: ['sales@meadow.example'] }, action: 'accept', skipRules: ['greylist'] },
    { match: { sender: ['@meadow.example'] }, action: 'defer' },
  ]
  const of = (sender: string) => answer(entries, { sender })
  assert.deepEqual(of('boss@meadow.example'), { kind: 'accept', skipRules: 'strangers' })
  assert.deepEqual(of('sales@meadow.example'), { kind: 'accept', skipRules: ['greylist'] })
  assert.equal(of('ann@meadow.example')?.kind, 'defer')
  assert.equal(of('ann@copper.example'), undefined)
})

const places = [
  fact('reverse-name', { names: ['mx.big.example'], confirmed: ['mx.big.example'] }),
  fact('place', { country: 'xy', asn: 64_500 }),
]
const known = { facts: places, readings: [] }

test('by name, organisation, country and network; a fact that could not be looked up does not fit', () => {
  const decides = (match: Match, facts = known) =>
    access('enforce', { entries: [{ match, action: 'reject' }], groups: {} }).decide(
      step({}),
      facts,
    )
  for (const match of [
    { name: ['.big.example'] },
    { country: ['XY'] },
    { asn: [64_500] },
    { country: ['xy'], asn: [64_500, 1] },
    { organisation: ['meadow.example'] },
    { not: { country: ['de'] } },
  ] satisfies Match[]) {
    assert.equal(decides(match)?.kind, 'reject', JSON.stringify(match))
  }
  for (const match of [
    { name: ['big.example'] },
    { country: ['de'] },
    { country: ['xy'], asn: [1] },
    { organisation: ['mx.meadow.example'] },
  ] satisfies Match[])
    assert.equal(decides(match), undefined, JSON.stringify(match))
  assert.equal(decides({ country: ['xy'] }, { facts: [], readings: [] }), undefined)
})

test('a look-up is made only where an entry needs it', () => {
  const asks = (match: Match) =>
    access('enforce', { entries: [{ match: { not: match }, action: 'reject' }], groups: {} })
      .asks?.(step({}))
      .map(({ about }) => about)
  assert.equal(asks({ helo: ['x'] }), undefined)
  assert.deepEqual(asks({ name: ['x'] }), ['reverse-name'])
  assert.deepEqual(asks({ country: ['de'] }), ['place'])
})

const ofMessage = (entries: readonly AccessEntry[], recipients: readonly string[]) =>
  access('enforce', { entries, groups: {} }).decide(
    step({ stage: 'message', recipients }),
    NOTHING_KNOWN,
  )
const [BERT, CARL] = ['bert@isp.example', 'carl@isp.example']
const toBert = { recipient: [BERT] }

test('hold, discard and redirect are said of the message', () => {
  for (const action of ['hold', 'discard', 'redirect'] as const) {
    const entry: AccessEntry = { match: toBert, action, to: CARL, for: 5 }
    assert.equal(answer([entry, { match: toBert, action: 'reject' }]), undefined, 'the first fits')
  }
  const hold: AccessEntry = { match: toBert, action: 'hold', for: 5 }
  const held = { kind: 'hold', reason: 'kept-for-postmaster', until: 5 }
  assert.deepEqual(ofMessage([hold], [CARL, BERT]), held)
  assert.equal(ofMessage([hold], [CARL]), undefined)
  const discard: AccessEntry = { match: toBert, action: 'discard' }
  assert.equal(ofMessage([discard], [BERT])?.kind, 'discard')
  assert.equal(ofMessage([discard], [BERT, CARL]), undefined, 'Carl is to have it')
  const redirect: AccessEntry = { match: toBert, action: 'redirect', to: 'desk@isp.example' }
  assert.deepEqual(ofMessage([redirect], [BERT, CARL]), {
    kind: 'accept',
    redirect: { [BERT]: 'desk@isp.example' },
  })
})

test('what is accepted at RCPT is accepted with the message, if all recipients are', () => {
  const accept: AccessEntry = { match: toBert, action: 'accept' }
  assert.deepEqual(ofMessage([accept], [BERT]), { kind: 'accept', skipRules: 'strangers' })
  assert.equal(ofMessage([accept], [BERT, CARL]), undefined)
  const some: AccessEntry = { match: { recipient: [CARL] }, action: 'accept', skipRules: ['dmarc'] }
  assert.deepEqual(ofMessage([accept, some], [BERT, CARL]), {
    kind: 'accept',
    skipRules: ['dmarc'],
  })
})
