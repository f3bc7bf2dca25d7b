import assert from 'node:assert/strict'
import { test } from 'node:test'
import { smallDns } from '../../../test/support/small-dns.ts'
import { dnsResolver } from './dns-resolver.ts'

test('no name that is not legal leaves, whatever it is asked for', async t => {
  const dns = await smallDns(name => (name === 'a.example' ? 'hello' : undefined))
  t.after(dns.stop)
  const resolver = dnsResolver([dns.server], () => 0)
  for (const name of ['a.example\0.b.example', 'a\\.b.example', 'a.example.', '', 'a。example']) {
    for (const asked of [resolver.mx, resolver.addresses, resolver.texts, resolver.listed])
      assert.deepEqual(await asked(name), { failed: 'bad-name' }, JSON.stringify(name))
  }
  assert.deepEqual(await resolver.names('a.example\0'), { value: [] })
  assert.deepEqual(dns.asked, [])
  assert.deepEqual(await resolver.texts('A.example'), { value: ['hello'] })
  assert.deepEqual(await resolver.addresses('b.example'), { value: [] })
  assert.deepEqual(dns.asked.length, 3)
})

test('who asks the same at the same time has one question asked for all', async t => {
  const dns = await smallDns(() => 'hello')
  t.after(dns.stop)
  const resolver = dnsResolver([dns.server], () => 0)
  const answers = await Promise.all(Array.from({ length: 50 }, () => resolver.texts('a.example')))
  assert.equal(answers.length, 50)
  for (const answer of answers) assert.deepEqual(answer, { value: ['hello'] })
  assert.equal(dns.asked.length, 1)
})
