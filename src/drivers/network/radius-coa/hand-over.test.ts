// Entries of radiusCoa are renamed, split and taken out: what was put on an access server stays known under the entry that can tell it.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../../../../test/support/owned.ts'
import type { Held } from '../../../ports/network-control.ts'
import { readHeld } from '../held-file.ts'
import { removedRouter } from '../removed-router.ts'
import { handOver } from './hand-over.ts'

const held = (nas: string, id: string): Held => ({
  realm: 'main',
  prefix: '192.0.2.7/32',
  subscriber: 'kd1',
  session: { nas, id, user: 'kd1' },
  state: 'isolated',
  walledGarden: false,
})
const entry = (name: string, ...all: readonly string[]) => ({
  name,
  realm: 'main',
  servers: all.map(nas => ({ nas, address: '127.0.0.1', port: 3799, secret: 's' })),
})

test('what one entry has put on is given to the one that has the access server now, and is in doubt there', t => {
  const folder = folderOf(t)
  const files = new Map(['old', 'a', 'b'].map(name => [name, join(folder, name)]))
  const of = (name: string) =>
    readHeld(join(folder, name)).map(({ session, standing }) => `${session?.nas} ${standing}`)
  writeFileSync(join(folder, 'old'), JSON.stringify([held('n1', 's1'), held('n9', 's9')]))
  writeFileSync(join(folder, 'a'), JSON.stringify([held('n2', 's2'), held('n3', 's3')]))
  handOver([entry('a', 'n1', 'n3'), entry('b', 'n2')], files)
  assert.deepEqual(
    [of('old'), of('a'), of('b')],
    [['n9 undefined'], ['n1 unsure', 'n3 undefined'], ['n2 unsure']],
  )
  // Once more, as after a crash: nothing is different.
  handOver([entry('a', 'n1', 'n3'), entry('b', 'n2')], files)
  assert.deepEqual([of('old').length, of('a').length, of('b').length], [1, 2, 1])
})

test('an entry that was removed holds what it held: of sessions until accounting has ended them, of addresses always', async t => {
  const file = join(folderOf(t), 'x')
  for (const isOfSessions of [true, false]) {
    writeFileSync(file, JSON.stringify([held('n1', 's1')]))
    const router = removedRouter({ name: 'noc', file, isOfSessions })
    assert.equal(router.name, 'noc (removed)')
    assert.equal(router.fits(held('n1', 's1')), false)
    await assert.rejects(router.revoke([held('n1', 's1')]), /its entry noc is not in the config/)
    assert.deepEqual(
      (await router.list('kd1')).map(({ standing }) => standing),
      ['no entry'],
    )
    const over = router.revoke([{ ...held('n1', 's1'), over: true }])
    await (isOfSessions ? over : assert.rejects(over))
    assert.equal((await router.list()).length, isOfSessions ? 0 : 1)
  }
})
