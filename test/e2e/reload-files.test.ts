// A file that the configuration names gets other content under the same name, as a certificate that is renewed: after a reload it is in
// force, and the reload says so. What reads its file again by itself is named here with a reason.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { liveness } from '../../src/app/liveness.ts'
import { filePlaces } from '../../src/config/named-files.ts'
import type { Config } from '../../src/config/schema.ts'
import { liveFiles } from '../support/live-files.ts'
import { type LiveWorld, openLiveWorld } from '../support/live-world.ts'

// They look at it only when it is there.
const world = { scene: { folder: '' } } as LiveWorld
const PLACES = Object.keys(liveFiles(world))

before(async () => void Object.assign(world, await openLiveWorld(PLACES.map(nameOf))))
after(() => world.end())

function nameOf(place: string): string {
  return place.replaceAll(/[^a-z]/gi, '')
}

/** Looked at again and again while Cordon runs, or with every use. */
const READ_BY_THEMSELVES = [
  'flows.contacts #',
  'http.look.logo',
  'kea.customers',
  'kea.files #',
  'mailLog #.file',
  'radius.customers',
  'subscriberFeed.csv',
  'subscriberFeed.ldap.certificate',
]

test('every file that the schema can name is here, or is read again without a reload', () => {
  assert.deepEqual([...PLACES, ...READ_BY_THEMSELVES].toSorted(), filePlaces.toSorted())
  for (const place of PLACES)
    assert.equal(liveness.get(place.split(/[ .]/)[0] as keyof Config), 'live', place)
})

for (const place of PLACES)
  test(`${place}: other content under the same name is in force after a reload`, async () => {
    const { scene, base } = world
    const { given, next, look, before, after, said } = liveFiles(world)[place] ?? assert.fail()
    world.me = `${nameOf(place).toLowerCase()}@isp.example`
    const config = { ...base, ...(await given()) }
    await scene.reload(config)
    assert.deepEqual(await look(false), before, 'before')
    assert.equal(await scene.reload(config), 'Read again; nothing has changed.')
    await next()
    assert.match(await scene.reload(config), said)
    assert.deepEqual(await look(true), after, 'after')
    assert.equal(await scene.reload(config), 'Read again; nothing has changed.')
  })
