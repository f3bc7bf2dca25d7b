import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../config/load.ts'
import type { Facts } from './finding.ts'
import { type SetupAnswers, STANDS } from './questions.ts'
import { trialConfig } from './trial.ts'
import { writtenConfig } from './written-config.ts'

const FACTS: Facts = {
  postfix: { port: 2500, submission: true, mynetworks: ['192.0.2.0/28'] },
  kea: ['/var/lib/kea/kea-leases4.csv'],
  nft: true,
}
const ANSWERS: SetupAnswers = {
  hostname: 'mx.example.org',
  domains: ['example.org', 'example.net'],
  stands: 'beside',
  operator: 'noc@example.net',
  consumers: ['198.51.100.0/24'],
}
const PLACES = { dataFolder: '/var/lib/cordon', resolver: '127.0.0.1:5353' }
const configOf = (stands: SetupAnswers['stands'], facts = FACTS) =>
  parseConfig(writtenConfig({ ...ANSWERS, stands }, facts, PLACES))

/** A mail server that did not keep these would be an open relay, or lose mail in a loop. */
const KEPT = ['login-required', 'relay', 'recipient-exists', 'mailbox-full', 'mail-loop']

test('however it stands, no rule acts but those that make a mail server, and evidence observes', () => {
  for (const stands of STANDS) {
    const config = configOf(stands)
    const acting = Object.entries(config.rules).filter(([, mode]) => mode === 'enforce')
    assert.deepEqual(
      acting.map(([name]) => name),
      KEPT,
      stands,
    )
    assert.equal(config.evidence.mode, 'observe')
    assert.deepEqual(config.nftables, [])
  }
})

test('beside a Postfix it is a milter, watching a policy service, and else the listeners of a mail server', () => {
  const beside = configOf('beside')
  assert.deepEqual(beside.milter?.mynetworks, ['192.0.2.0/28', '198.51.100.0/24'])
  assert.equal(beside.mailboxStore?.port, 2500)
  assert.equal(beside.releaser, undefined)
  assert.equal(configOf('watch').policyService?.countAt, 'end-of-message')
  assert.deepEqual(
    configOf('server').listeners.map(({ port }) => port),
    [587, 465, 25],
  )
})

test('its answers stand in it, and without the lines of "To act" Cordon acts as it ships', () => {
  const config = configOf('beside')
  assert.equal(config.hostname, 'mx.example.org')
  assert.deepEqual(config.domains, ['example.org', 'example.net'])
  assert.deepEqual(config.alarms.mail, ['noc@example.net'])
  const text = writtenConfig(ANSWERS, FACTS, PLACES)
  const acting = text
    .replaceAll(/^rules:\n(?: {2}.*\n)*/gm, '')
    .replaceAll(/^evidence: .*\n/gm, '')
    .replaceAll(/^# ((?:releaser|nftables|kea): )/gm, '$1')
  const shipped = parseConfig('listeners: [{ kind: submission, port: 587 }]\n')
  const { rules, evidence, nftables, kea, releaser } = parseConfig(acting)
  assert.deepEqual({ rules, evidence }, { rules: shipped.rules, evidence: shipped.evidence })
  assert.deepEqual(nftables[0]?.consumers, ['198.51.100.0/24'])
  assert.deepEqual(kea?.files, FACTS.kea)
  assert.equal(releaser?.socket, '/run/cordon-releaser.sock')
})

test('the trial is on loopback, on ports of ordinary users, and sends nothing', () => {
  const { listeners, holdDelivery } = parseConfig(trialConfig())
  assert.ok(holdDelivery)
  for (const { address, port } of listeners) assert.ok(address === '127.0.0.1' && port > 1023)
})
