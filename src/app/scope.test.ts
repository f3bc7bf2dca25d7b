import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, StartError } from '../model/errors.ts'
import { createScope, inScope, type ScopeOptions } from './scope.ts'

const told: string[] = []
const quiet: ScopeOptions = { trouble: (_error, about) => void told.push(about) }
/** Time that is over at once. */
const hurried: ScopeOptions = { ...quiet, wait: () => Promise.resolve() }

test('stopping drains all parts at once, then closes them in the opposite order', async () => {
  const order: string[] = []
  const scope = createScope(quiet)
  const both = Promise.withResolvers<void>()
  let draining = 0
  for (const part of ['store', 'door', 'page'])
    await scope.open(part, () => part, {
      drain: async () => {
        order.push(`drain ${part}`)
        draining++
        if (draining === 3) both.resolve()
        await both.promise
      },
      close: () => void order.push(`close ${part}`),
    })
  assert.deepEqual(await scope.stop(1000), [])
  assert.deepEqual(order.slice(3), ['close page', 'close door', 'close store'])
  assert.equal(order.length, 6)
})

test('a part that cannot be opened is named, and what stands is closed', async () => {
  const closed: string[] = []
  const start = inScope(quiet, async scope => {
    await scope.open('store', () => 1, { close: () => void closed.push('store') })
    await scope.open('door', () => {
      throw Object.assign(new Error('listen EADDRINUSE'), {
        code: 'EADDRINUSE',
        syscall: 'listen',
        address: '127.0.0.1',
        port: 25,
      })
    })
  })
  await assert.rejects(start, (error: StartError) => {
    assert.ok(error instanceof StartError)
    assert.equal(error.part, 'door')
    assert.match(error.message, /^door cannot be opened: port 25 of 127\.0\.0\.1 is in use/)
    return true
  })
  assert.deepEqual(closed, ['store'])
})

test('what the configuration says wrongly keeps its own words', async () => {
  const wrong = new ConfigError('certificate.key', 'does not exist', 'Check the path.')
  const start = inScope(quiet, scope =>
    scope.open('door', () => {
      throw wrong
    }),
  )
  await assert.rejects(start, wrong)
})

test('a part that hangs or throws while it ends keeps no other from ending', async () => {
  const closed: string[] = []
  const scope = createScope(hurried)
  await scope.open('store', () => 1, { close: () => void closed.push('store') })
  await scope.open('hanging', () => 1, { close: () => new Promise(() => undefined) })
  await scope.open('throwing', () => 1, {
    close: () => {
      throw new Error('no')
    },
  })
  await scope.open('busy', () => 1, { drain: () => new Promise(() => undefined) })
  assert.deepEqual((await scope.stop(10)).toSorted(), ['busy', 'hanging', 'throwing'])
  assert.deepEqual(closed, ['store'])
})
