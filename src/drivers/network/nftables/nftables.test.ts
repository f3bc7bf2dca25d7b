// The driver without a router: what it says to nft, in which order, and what it makes of the answer. test/lab has the real one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Restriction } from '../../../model/decision.ts'
import { restrictionsIn, scriptOf } from './elements.ts'
import { SlowRouter } from '../../../../test/support/slow-router.ts'
import { nftables, nftIn } from './nftables.ts'

const NOW = Date.UTC(2026, 0, 5)
const SETTINGS = {
  name: 'r',
  command: ['nft'],
  realm: 'main',
  prefixLengths4: [32],
  prefixLengths6: [56],
}

const isolated = (subscriber: string, prefix: string, more: Partial<Restriction> = {}) =>
  ({
    realm: 'main',
    prefix,
    subscriber,
    state: 'isolated',
    walledGarden: false,
    decision: 'd1',
    until: NOW + 60_000,
    ...more,
  }) satisfies Restriction

test('what is put on is taken out of every other set first, and ends by itself', () => {
  const put = [
    isolated('kd 1"', '192.0.2.7/32'),
    isolated('kd2', '2001:db8:17::/56', { walledGarden: true }),
  ]
  const lines = scriptOf({ put, drop: [] }, NOW).trim().split('\n')
  assert.ok(lines.includes('delete element inet cordon expert4_32 { 192.0.2.7 }'))
  assert.ok(
    lines.includes(
      'add element inet cordon closed4_32 { 192.0.2.7 timeout 60s comment "kd%201%22 d1" }',
    ),
  )
  assert.ok(
    lines.includes(
      'add element inet cordon garden6_56 { 2001:db8:17:: timeout 60s comment "kd2 d1" }',
    ),
  )
  const verbs = lines.map(line => line.split(' ')[0])
  assert.ok(verbs.indexOf('delete') > verbs.indexOf('add'))
  assert.ok(verbs.lastIndexOf('delete') < verbs.lastIndexOf('add'))
})

test('a permission has no end, and what is over is not put on again', () => {
  const open: Restriction = {
    realm: 'main',
    prefix: '192.0.2.8/32',
    subscriber: 'kd3',
    state: 'open',
    walledGarden: false,
  }
  const script = scriptOf(
    { put: [open, isolated('x', '192.0.2.9/32', { until: NOW })], drop: [] },
    NOW,
  )
  assert.match(script, /add element inet cordon expert4_32 \{ 192\.0\.2\.8 comment "kd3 " \}/)
  assert.doesNotMatch(script, /192\.0\.2\.9 timeout/)
})

test('what nft lists is read back; what Cordon did not decide belongs to no subscriber', () => {
  const elem = (val: string, comment?: string) => ({ elem: { val, expires: 59, comment } })
  const json = JSON.stringify({
    nftables: [
      { metainfo: {} },
      { set: { name: 'consumers4', elem: ['198.51.100.0'] } },
      { set: { name: 'expert4_32', elem: ['192.0.2.8'] } },
      { set: { name: 'garden6_56', elem: [elem('2001:db8:17::', 'kd%202 d1')] } },
      { set: { name: 'closed6_56', elem: [elem('2001:db8:17::', 'kd%202 d1')] } },
      { set: { name: 'closed4_32' } },
    ],
  })
  assert.deepEqual(restrictionsIn(JSON.parse(json), 'main', NOW), [
    {
      realm: 'main',
      prefix: '192.0.2.8/32',
      subscriber: '',
      state: 'open',
      walledGarden: false,
    },
    isolated('kd 2', '2001:db8:17::/56', { walledGarden: true, until: NOW + 59_000 }),
  ])
})

test('what stands in sets that do not belong together is in doubt, so that it is put right', () => {
  const elem = (comment: string) => ({ elem: { val: '192.0.2.7', expires: 59, comment } })
  const listed = (sets: Readonly<Record<string, string>>) =>
    restrictionsIn(
      {
        nftables: Object.entries(sets).map(([kind, comment]) => ({
          set: { name: `${kind}4_32`, elem: [elem(comment)] },
        })),
      },
      'main',
      NOW,
    )
  const isWhole = (sets: Readonly<Record<string, string>>) =>
    listed(sets).map(({ standing }) => standing === undefined)
  for (const kind of ['expert', 'closed', 'redirect'])
    assert.deepEqual(isWhole({ [kind]: 'kd1 ' }), [true])
  assert.deepEqual(isWhole({ closed: 'kd1 d', garden: 'kd1 d' }), [true])
  // Another program has emptied one of both, or put a line into another set, too.
  assert.deepEqual(isWhole({ garden: 'kd1 d' }), [false])
  assert.deepEqual(isWhole({ closed: 'kd1 d', expert: 'kd1 ' }), [false])
  assert.deepEqual(isWhole({ closed: 'kd1 d', redirect: 'kd1 d' }), [false])
  assert.deepEqual(isWhole({ closed: 'somebody', garden: 'kd1 d' }), [false])
  assert.equal(
    listed({ garden: 'kd1 d' })[0]?.words,
    'it stands in garden: another program has changed the sets',
  )
})

test('what comes while nft runs goes into the next one, and the last word on a lease counts', async () => {
  const scripts: string[] = []
  const waiting: (() => void)[] = []
  const driver = nftables(
    SETTINGS,
    () => NOW,
    (_args, script) => {
      scripts.push(script)
      return new Promise(resolve => waiting.push(() => resolve('')))
    },
  )
  const all = [1, 2, 3].map(i => driver.apply([isolated(`kd${i}`, `192.0.2.${i}/32`)]))
  const lifted = driver.revoke([isolated('kd2', '192.0.2.2/32')])
  for (let i = 0; i < 2; i++) {
    await new Promise(resolve => setImmediate(resolve))
    waiting[i]?.()
  }
  await Promise.all([...all, lifted])
  assert.equal(scripts.length, 1)
  assert.doesNotMatch(scripts[0] ?? '', /192\.0\.2\.2 timeout/)
  assert.deepEqual(await driver.list('kd2'), [])
  assert.equal((await driver.list('kd3')).length, 1)
})

test('one that cannot be put on does not keep the others from it', async () => {
  const driver = nftables(
    SETTINGS,
    () => NOW,
    async (_args, script) => {
      if (script.includes('192.0.2.2')) throw new Error('no')
      return ''
    },
  )
  const all = [1, 2, 3].map(i => driver.apply([isolated(`kd${i}`, `192.0.2.${i}/32`)]))
  const results = await Promise.allSettled(all)
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  // It may be there or not: the caller is told, and tries again.
  const [unsure] = await driver.list('kd2')
  assert.deepEqual([unsure?.standing, unsure?.words], ['unsure', 'no'])
  assert.equal((await driver.list('kd3'))[0]?.standing, undefined)
})

test('what one customer had is taken off without taking what the next one has there', async () => {
  const router = new SlowRouter(() => NOW)
  const driver = nftables(SETTINGS, () => NOW, router.nft)
  const all = [
    driver.apply([isolated('kd5', '192.0.2.1/32')]),
    driver.revoke([isolated('kd2', '192.0.2.1/32')]),
  ]
  await new Promise(resolve => setImmediate(resolve))
  router.calls.shift()?.go()
  await Promise.all(all)
  assert.ok(router.holds('closed4_32', '192.0.2.1'))
  // Nor in a later run: nothing is said to the router at all.
  await driver.revoke([isolated('kd2', '192.0.2.1/32')])
  assert.deepEqual([router.calls.length, (await driver.list('kd5')).length], [0, 1])
})

test('what would touch neighbours, or is another driver’s, is not asked of it', () => {
  const { fits, whyNot } = nftables(
    SETTINGS,
    () => NOW,
    async () => '',
  )
  assert.ok(fits(isolated('x', '192.0.2.1/32')))
  assert.ok(!fits(isolated('x', '192.0.2.1/32', { ports: [1024, 2047] })))
  assert.ok(!fits(isolated('x', '192.0.2.0/29')))
  assert.ok(!fits(isolated('x', '192.0.2.1/32', { realm: 'bng2' })))
  assert.ok(!fits(isolated('x'.repeat(120), '192.0.2.1/32')))
  assert.match(whyNot?.(isolated('x'.repeat(120), '192.0.2.1/32')) ?? '', /the id .* is too long/)
  for (const other of [{ realm: 'bng2' }, { ports: [1024, 2047] as const }])
    assert.equal(whyNot?.(isolated('x'.repeat(120), '192.0.2.1/32', other)), undefined)
  assert.equal(whyNot?.(isolated('x', '192.0.2.1/32')), undefined)
})

test('a table that an older Cordon has printed is read and filled under the names of its sets', async () => {
  const scripts: string[] = []
  const element = { elem: { val: '192.0.2.7', comment: 'kd1 d1' } }
  const listed = JSON.stringify({ nftables: [{ set: { name: 'turned4_32', elem: [element] } }] })
  const router = nftables(
    SETTINGS,
    () => NOW,
    async (args, script) => {
      scripts.push(script)
      return args.includes('list') ? listed : ''
    },
  )
  assert.deepEqual(
    (await router.list()).map(one => `${one.prefix} ${one.state}`),
    ['192.0.2.7/32 redirect-25'],
  )
  await router.apply([isolated('kd2', '192.0.2.8/32', { state: 'redirect-25' })])
  assert.match(scripts.join(''), /^add element inet cordon turned4_32 \{ 192\.0\.2\.8 timeout/m)
  assert.doesNotMatch(scripts.join(''), /redirect4/)
})

test('why nft failed is one sentence', async () => {
  const runs = { began: () => undefined, failed: () => undefined, done: () => undefined }
  const failure = (script: string, timeout?: number) =>
    nftIn(
      ['sh', '-c', script],
      runs,
      timeout,
    )(['-f', '-'], 'x').then(
      () => assert.fail('it did not fail'),
      (error: Error) => error.message,
    )
  assert.match(await failure('exec sleep 60', 1000), /^sh did not answer within 1s; see whether/)
  assert.equal(await failure('exit 3'), 'sh failed without a word (3)')
  assert.equal(await failure('kill -KILL $$'), 'sh was ended by SIGKILL')
  assert.equal(await failure('echo "cannot" >&2; echo more >&2; exit 1'), 'nft: cannot')
})
