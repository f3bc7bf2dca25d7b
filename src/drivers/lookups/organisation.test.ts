import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resolver } from '../../ports/resolver.ts'
import { lookups, type LookupParts } from './lookups.ts'

const ADDRESS = '198.51.100.25'

/** `names` of the address, each of which leads to what `leads` says. */
const asked = (resolver: Partial<Resolver>) =>
  lookups({ resolver } as unknown as LookupParts).ask({ about: 'organisation', address: ADDRESS })

test('whose server it is, is said by a name that leads back, and by no other', async () => {
  const resolver: Partial<Resolver> = {
    names: async () => ({ value: ['liar.other.example', 'mx3.eu.mail.co.uk'] }),
    addresses: async name => ({
      value: name.startsWith('mx3') ? ['2001:db8::1', ADDRESS] : ['192.0.2.1'],
    }),
  }
  assert.deepEqual(await asked(resolver), { about: 'organisation', value: 'mail.co.uk' })
  const liar = { ...resolver, addresses: async () => ({ value: [] }) }
  assert.deepEqual(await asked(liar), { about: 'organisation', value: '' })
})

test('what the DNS does not say within half a second is not waited for', async () => {
  const began = performance.now()
  const fact = await asked({ names: () => new Promise(() => undefined) })
  assert.ok('failed' in fact)
  assert.ok(performance.now() - began < 5000)
})
