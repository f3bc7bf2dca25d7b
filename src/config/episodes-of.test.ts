import assert from 'node:assert/strict'
import { test } from 'node:test'
import { episodesOf } from './episodes-of.ts'
import { checkConfig } from './load.ts'

const of = (given: object) => episodesOf(checkConfig(given))

test('evidence by episodes decides, but beside a server that could keep nothing: there the sums of the table go on', () => {
  const policyService = { port: 1, countAt: 'end-of-message' }
  const releaser = { socket: '/run/releaser.sock' }
  assert.equal(of({}), 'decide')
  assert.equal(of({ milter: { port: 1 } }), 'shadow')
  assert.equal(of({ policyService }), 'shadow')
  assert.equal(of({ milter: { port: 1 }, releaser }), 'decide')
  assert.equal(of({ policyService, releaser }), 'decide')
  assert.equal(of({ policyService: { port: 1, countAt: 'rcpt' }, releaser }), 'shadow')
})

test('what is written is done', () => {
  for (const episodes of ['auto', 'decide', 'pace', 'shadow'])
    assert.equal(of({ evidence: { mode: 'observe', episodes } }), 'shadow')
  assert.equal(of({ evidence: { mode: 'observe', episodes: 'off' } }), 'off')
  for (const episodes of ['off', 'shadow', 'pace', 'decide'])
    assert.equal(of({ milter: { port: 1 }, evidence: { episodes } }), episodes)
})
