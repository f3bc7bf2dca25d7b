// A check that did not come to its end is no innocence: every result is temperror, in the header, too, and what the domain in From wants is
// asked all the same, or remembered.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { smallDns } from '../../../test/support/small-dns.ts'
import { DAY, HOUR, MINUTE } from '../../model/duration.ts'
import { knownPolicies } from './known-policies.ts'
import { messageAuthenticator } from './message-authenticator.ts'
import { nodeResolver } from '../lookups/node-resolver.ts'

const TEXTS: Readonly<Record<string, string>> = {
  '_dmarc.bank.example': 'v=DMARC1; p=reject',
  '_dmarc.lenient.example': 'v=DMARC1; p=quarantine',
}
const dns = await smallDns(name => TEXTS[name])
after(() => dns.stop())

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('From: a@bank.example\r\n')
  throw new Error('the disk does not answer')
}
const authenticator = () =>
  messageAuthenticator({ ourName: 'mail.isp.example', dns: nodeResolver([dns.server]) })
const from = (...authors: string[]) => ({
  address: '198.51.100.9',
  helo: 'mx.attack.example',
  sender: 'x@attack.example',
  authors,
})

test('what could not be read says so, and what its author wants is known', async () => {
  const { check } = authenticator()
  const wanted = async (...authors: string[]) => (await check(from(...authors), broken())).dmarc
  const temperror = { result: 'temperror' }
  assert.deepEqual(await wanted('a@bank.example'), {
    ...temperror,
    domain: 'bank.example',
    policy: 'reject',
  })
  assert.deepEqual(await wanted('a@lenient.example', 'b@bank.example'), {
    ...temperror,
    domain: 'bank.example',
    policy: 'reject',
  })
  assert.deepEqual(await wanted('a@lenient.example'), {
    ...temperror,
    domain: 'lenient.example',
    policy: 'quarantine',
  })
  assert.deepEqual(await wanted(), { ...temperror, domain: '', policy: 'unknown' })
  const { header, unchecked, spf } = await check(from('a@bank.example'), broken())
  assert.equal(
    header,
    'Authentication-Results: mail.isp.example;\r\n spf=temperror;\r\n dkim=temperror;\r\n dmarc=temperror reason="not checked" header.from=bank.example\r\n',
  )
  assert.match(unchecked ?? '', /the disk does not answer/)
  assert.equal(spf.result, 'temperror')
})

test('a policy that was read holds while it cannot be asked for; one that was never read is unknown', () => {
  let now = 0
  const { complete } = knownPolicies(() => now)
  const said = (domain: string, policy: 'reject' | 'none' | 'unknown', result = 'temperror') =>
    complete({ domain, policy, result }, 'x@quiet.example').policy
  assert.equal(said('bank.example', 'unknown'), 'unknown')
  said('bank.example', 'reject', 'pass')
  said('plain.example', 'none', 'none')
  assert.equal(said('bank.example', 'unknown'), 'reject')
  assert.equal(said('plain.example', 'unknown'), 'none')
  now = 2 * DAY
  assert.equal(said('bank.example', 'unknown'), 'reject')
  assert.equal(said('plain.example', 'unknown'), 'unknown')
  now = 31 * DAY
  assert.equal(said('bank.example', 'unknown'), 'unknown')
  said('bank.example', 'reject', 'pass')
  for (let i = 0; i < 10_000; i++) said(`d${i}.example`, 'none', 'none')
  assert.equal(said('bank.example', 'unknown'), 'unknown', 'the longest unheard makes room')
})

test('a sender with an unknown policy is deferred four times and for four hours, and no other for that', () => {
  let now = 0
  const { complete } = knownPolicies(() => now)
  const dmarc = { domain: 'silent.example', result: 'temperror', policy: 'unknown' } as const
  const isTaken = (sender: string, of = dmarc) => complete(of, sender).givenUp === true
  for (let i = 0; i < 100; i++) assert.equal(isTaken('ann@silent.example'), false, 'in a minute')
  now = 4 * HOUR - 1
  assert.equal(isTaken('ann@silent.example'), false)
  now = 4 * HOUR
  assert.equal(isTaken('ANN@silent.example'.toLowerCase()), true)
  assert.equal(isTaken('bob@silent.example'), false)
  for (let i = 1; i < 4; i++) {
    now += 4 * HOUR
    assert.equal(isTaken('bob@silent.example'), false, `${i + 1} times`)
  }
  now += MINUTE
  assert.equal(isTaken('bob@silent.example'), true)
  now += 2 * DAY
  assert.equal(isTaken('bob@silent.example'), false, 'begins anew')
})
