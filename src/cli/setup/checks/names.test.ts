import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { type Dns, failure } from '../../../drivers/lookups/node-resolver.ts'
import { dkimRecord } from '../../../mail/dkim-record.ts'
import type { SetupAnswers } from '../questions.ts'
import { namesChecked } from './names.ts'

const ANSWERS: SetupAnswers = {
  hostname: 'mx.example.org',
  domains: ['example.org'],
  stands: 'server',
  operator: 'noc@example.org',
  consumers: [],
}

/** `A mx.example.org` -> its records; nothing else exists. */
const dnsOf = (records: Readonly<Record<string, readonly string[]>>): Dns => ({
  resolve: (async (name: string, type: string) => {
    const found = records[`${type} ${name}`]
    if (found === undefined) throw failure('ENOTFOUND', 'no such name')
    return type === 'TXT' ? found.map(one => [one.slice(0, 5), one.slice(5)]) : found
  }) as unknown as Dns['resolve'],
})

const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey

const WHOLE = {
  'A mx.example.org': ['192.0.2.1'],
  'PTR 1.2.0.192.in-addr.arpa': ['MX.example.org'],
  'TXT example.org': ['something else', 'v=spf1 mx -all'],
  'TXT cordon._domainkey.example.org': [dkimRecord(privateKey)],
  'TXT _dmarc.example.org': ['v=DMARC1; p=reject'],
}
const keysOf = (privateKey: string) =>
  [{ selector: 'cordon', kind: 'rsa', privateKey, signs: 0 }] as const

const statesOf = async (dns: Dns, key: string | undefined = privateKey, patience = 1000) => {
  const checks = await namesChecked(ANSWERS, {
    dns,
    keys: key === undefined ? key : keysOf(key),
    patience,
  })
  return checks.map(({ what, state }) => `${what.split(' ')[0]} ${state}`)
}

test('each record that is there is good, also one in several strings and in other letters', async () => {
  assert.deepEqual(await statesOf(dnsOf(WHOLE)), [
    'address good',
    'reverse good',
    'SPF good',
    'DKIM good',
    'DMARC good',
  ])
})

test('each record that is missing is said with the line to add', async () => {
  const dns = dnsOf({ 'A mx.example.org': ['192.0.2.1'] })
  const checks = await namesChecked(ANSWERS, { dns, keys: keysOf(privateKey) })
  assert.deepEqual(
    checks.map(({ state, write }) => [state, write]),
    [
      ['good', undefined],
      ['missing', '1.2.0.192.in-addr.arpa. 3600 IN PTR mx.example.org.'],
      ['missing', 'example.org. 3600 IN TXT "v=spf1 mx a:mx.example.org ~all"'],
      ['missing', 'the line that `cordon dkim show` prints'],
      ['missing', '_dmarc.example.org. 3600 IN TXT "v=DMARC1; p=none; rua=mailto:noc@example.org"'],
    ],
  )
})

test('reverse DNS with another name and DKIM with another key are not good', async () => {
  const other = { 'PTR 1.2.0.192.in-addr.arpa': ['dsl-1.example.net'] }
  const key = { 'TXT cordon._domainkey.example.org': ['v=DKIM1; k=rsa; p=AAAA'] }
  const states = await statesOf(dnsOf({ ...WHOLE, ...other, ...key }))
  assert.ok(states.includes('reverse missing') && states.includes('DKIM missing'), `${states}`)
})

test('a name server that is silent is unknown, and not for longer than its time', async () => {
  const silent: Dns = { resolve: (() => new Promise(() => undefined)) as Dns['resolve'] }
  const began = performance.now()
  const states = await statesOf(silent, privateKey, 200)
  assert.deepEqual(states, ['address unknown', 'SPF unknown', 'DKIM unknown', 'DMARC unknown'])
  assert.ok(performance.now() - began < 5000)
})

test('a mail server without an address must get one first; beside a Postfix that can wait', async () => {
  const mustOf = async (stands: SetupAnswers['stands']) => {
    const checks = await namesChecked({ ...ANSWERS, stands }, { dns: dnsOf({}), keys: undefined })
    return checks.filter(({ must }) => must).map(({ what }) => what)
  }
  assert.deepEqual(await mustOf('server'), ['address of mx.example.org'])
  assert.deepEqual(await mustOf('beside'), [])
})

test('where no message is read no key is asked for', async () => {
  const checks = await namesChecked(
    { ...ANSWERS, stands: 'watch' },
    { dns: dnsOf({}), keys: undefined },
  )
  assert.deepEqual(
    checks.filter(({ what }) => what.startsWith('DKIM')),
    [],
  )
})
