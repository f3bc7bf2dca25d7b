import assert from 'node:assert/strict'
import { test } from 'node:test'
import { smallDns } from '../../../test/support/small-dns.ts'
import { dnsResolver } from './dns-resolver.ts'
import { type Dns, nodeResolver } from './node-resolver.ts'

test('no name that is not legal leaves, whatever it is asked for', async t => {
  const dns = await smallDns(name => (name === 'a.example' ? 'hello' : undefined))
  t.after(dns.stop)
  const resolver = dnsResolver(nodeResolver([dns.server]), () => 0)
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
  const resolver = dnsResolver(nodeResolver([dns.server]), () => 0)
  const answers = await Promise.all(Array.from({ length: 50 }, () => resolver.texts('a.example')))
  assert.equal(answers.length, 50)
  for (const answer of answers) assert.deepEqual(answer, { value: ['hello'] })
  assert.equal(dns.asked.length, 1)
})

test('of a name with very many exchangers the first by their preference are kept', async t => {
  const dns = await smallDns(
    () => undefined,
    () => 80,
  )
  t.after(dns.stop)
  const found = await dnsResolver(nodeResolver([dns.server]), () => 0).mx('attack.example')
  assert.ok('value' in found)
  assert.deepEqual(
    found.value.map(({ host }) => host),
    Array.from({ length: 50 }, (_, i) => `m${80 - i}.attack.example`),
  )
})

test('answers are kept by their weight: many large ones push out the first, however few they are', async t => {
  const text = 'x'.repeat(3000)
  const dns = await smallDns(() => text)
  t.after(dns.stop)
  const resolver = dnsResolver(nodeResolver([dns.server]), () => 0)
  const asked = async (name: string) => {
    const before = dns.asked.length
    assert.deepEqual(await resolver.texts(name), { value: [text] })
    return dns.asked.length - before
  }
  assert.equal(await asked('first.example'), 1)
  assert.equal(await asked('first.example'), 0)
  for (let i = 0; i < 6000; i += 20)
    await Promise.all(Array.from({ length: 20 }, (_, k) => asked(`n${i + k}.example`)))
  assert.equal(await asked('first.example'), 1)
})

test('"none" of one family and no answer for the other is no answer; what was kept while the clock was ahead is asked anew', async () => {
  let at = 365 * 86_400_000
  let four: readonly string[] | 'ESERVFAIL' = 'ESERVFAIL'
  const dns = {
    resolve: async (_name: string, type: string) => {
      if (type === 'AAAA') throw Object.assign(new Error('none'), { code: 'ENODATA' })
      if (four === 'ESERVFAIL') throw Object.assign(new Error('forged'), { code: four })
      return four
    },
  } as unknown as Dns
  const resolver = dnsResolver(dns, () => at)
  assert.deepEqual(await resolver.addresses('mx.far.example'), { failed: 'servfail' })
  four = ['192.0.2.1']
  assert.deepEqual(await resolver.addresses('mx.far.example'), { value: ['192.0.2.1'] })
  four = ['192.0.2.2']
  at = 0
  assert.deepEqual(await resolver.addresses('mx.far.example'), { value: ['192.0.2.2'] })
})
