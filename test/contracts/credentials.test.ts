// What all credentials must do, over every ledger. Where else passwords are looked up: src/drivers/credentials/password-sources.test.ts.
// With real clients: test/e2e/passwords.test.ts.

import assert from 'node:assert/strict'
import { bareCustomer } from '../support/bare-customer.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import {
  ledgerCredentials,
  type PasswordSource,
} from '../../src/drivers/credentials/ledger-credentials.ts'
import type { Credentials } from '../../src/ports/credentials.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import { fairQueue } from '../../src/wire/fair-queue.ts'
import { AT, withLedgers } from '../support/ledgers.ts'

const NAME = 'anna@isp.example'
const ANNA = bareCustomer('anna', [NAME])
const TURN = { lane: 'first', from: '203.0.113.0/24' } as const

async function over(
  { accounts }: Ledger,
  { elsewhere = [], room = 100 }: { elsewhere?: readonly PasswordSource[]; room?: number } = {},
): Promise<Credentials> {
  const credentials = ledgerCredentials({
    accounts,
    subscribers: memorySubscribers([ANNA]),
    elsewhere: () => elsewhere,
    secret: 'secret',
    scram: () => true,
    queue: fairQueue({ width: 1, room }),
    changed: async () => undefined,
    trouble: assert.fail,
  })
  await credentials.load()
  return credentials
}

const verify = async (from: Credentials, password: string, name = NAME) => {
  const answer = await from.verify(name, password, 'send', TURN)
  return answer.ok ? answer.subscriber : answer.why
}

withLedgers(
  'a new password counts at once and after a restart, the old one no more',
  async opened => {
    const one = await over(opened.ledger)
    await one.setPassword(NAME, 'old')
    assert.equal(await verify(one, 'old'), 'anna')
    await one.setPassword(NAME, 'new')
    for (const from of [one, await over(await opened.again())]) {
      assert.equal(await verify(from, 'new'), 'anna')
      assert.equal(await verify(from, 'old'), 'wrong')
      assert.equal(await verify(from, 'new', 'nobody@isp.example'), 'unknown')
    }
  },
)

withLedgers(
  'an app password is good for what it is for, until it or the password goes',
  async opened => {
    const one = await over(opened.ledger)
    await one.setPassword(NAME, 'password')
    const app = (id: string, scopes: readonly ('send' | 'read')[]) =>
      one.addAppPassword({ id, login: NAME, subscriber: 'anna', label: id, scopes, at: AT })
    const [send, read] = [await app('p1', ['send']), await app('p2', ['read'])]
    assert.equal(await verify(one, send), 'anna')
    assert.notEqual(await verify(one, read), 'anna', 'it is for reading')
    assert.deepEqual(
      one
        .appPasswords(NAME)
        .map(({ id }) => id)
        .toSorted(),
      ['p1', 'p2'],
    )
    assert.ok(!JSON.stringify(one.appPasswords(NAME)).includes(send), 'told once')
    await one.removeAppPassword('p1')
    await one.removeAppPassword('p1')
    assert.notEqual(await verify(one, send), 'anna')
    await one.setPassword(NAME, 'another')
    assert.deepEqual(one.appPasswords(NAME), [])
    assert.equal(one.appPassword('p2'), undefined)
  },
)

withLedgers('an unknown name is salted as a known one is, always the same', async opened => {
  const one = await over(opened.ledger)
  await one.setPassword(NAME, 'password')
  const [known, made, again] = [
    await one.salted(NAME),
    await one.salted('nobody@isp.example'),
    await (await over(await opened.again())).salted('nobody@isp.example'),
  ]
  assert.deepEqual(made, again)
  assert.notEqual(made.salt, known.salt)
  assert.deepEqual([made.salt.length, made.iterations], [known.salt.length, known.iterations])
  const proof = Buffer.alloc(32).toString('base64')
  for (const name of [NAME, 'nobody@isp.example']) {
    const answer = await one.prove(name, { proof, message: 'm' })
    assert.deepEqual([answer.ok, answer.signature], [false, undefined])
  }
})

withLedgers('who has no portal password has no portal', async opened => {
  const one = await over(opened.ledger)
  assert.equal(one.portalMark('anna'), undefined)
  assert.equal(one.portalMark('nobody'), undefined)
  assert.equal(await one.verifyPortal('anna', '', TURN), false)
})

withLedgers('nobody can tell: busy, which is not the same as wrong', async opened => {
  const busy = await over(opened.ledger, { elsewhere: [{ check: async () => 'busy' }] })
  assert.equal(await verify(busy, 'password'), 'busy')
})
