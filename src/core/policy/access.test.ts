import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttributedStep } from '../../model/step.ts'
import type { Match } from '../../model/access-match.ts'
import { access, type AccessEntry } from './access.ts'
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
    { match: { sender: ['sales@meadow.example'] }, action: 'accept', skip: ['greylist'] },
    { match: { sender: ['@meadow.example'] }, action: 'defer' },
  ]
  const of = (sender: string) => answer(entries, { sender })
  assert.deepEqual(of('boss@meadow.example'), { kind: 'accept', skip: 'strangers' })
  assert.deepEqual(of('sales@meadow.example'), { kind: 'accept', skip: ['greylist'] })
  assert.equal(of('ann@meadow.example')?.kind, 'defer')
  assert.equal(of('ann@copper.example'), undefined)
})
