// Every live key of the configuration is changed once in a running Cordon, and is seen in force by what the server then does. Those that
// wait for a restart are in reload-other-keys.test.ts.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { liveness } from '../../src/app/liveness.ts'
import type { Config } from '../../src/config/schema.ts'
import { configSchema } from '../../src/config/schema.ts'
import { mailKeys } from '../support/live-mail-keys.ts'
import { moreKeys, policyKeys } from '../support/live-policy-keys.ts'
import { type Live, type LiveKeys, type LiveWorld, openLiveWorld } from '../support/live-world.ts'

const keysOf = (world: LiveWorld): LiveKeys => ({ ...mailKeys(world), ...policyKeys(world) })
const allOf = (world: LiveWorld): readonly (readonly [string, Live])[] => [
  ...Object.entries(keysOf(world)),
  ...moreKeys(world),
]

// They look at it only when it is there.
const world = {} as LiveWorld
const KEYS = Object.keys(keysOf(world))

before(async () => void Object.assign(world, await openLiveWorld(KEYS)))
after(() => world.end())

/** These are seen at work in test/e2e/reload-other-keys.test.ts. */
const APART: readonly (keyof Config)[] = ['leaseHistory', 'drainFor']

test('every live key of the schema is here', () => {
  assert.deepEqual(Object.keys(configSchema.shape).toSorted(), [...liveness.keys()].toSorted())
  const live = [...liveness].flatMap(([key, is]) => (is === 'live' ? [key] : []))
  assert.deepEqual([...KEYS, ...APART].toSorted(), live.toSorted())
})

for (const [key, { given = () => ({}), next, look, before, after }] of allOf(world))
  test(`${key}: in force after a reload`, async () => {
    const { scene, base } = world
    world.current = (await given()) as object
    world.me = `${key.toLowerCase()}@isp.example`
    await scene.reload({ ...base, ...world.current })
    assert.deepEqual(await look(false), before, 'before')
    const value = await next()
    world.current = { ...world.current, [key]: value }
    const said = await scene.reload({ ...base, ...world.current })
    assert.match(said, new RegExp(`^${key}\\b`, 'm'))
    assert.doesNotMatch(said, /after a restart/)
    assert.deepEqual(await look(true), after, 'after')
  })
