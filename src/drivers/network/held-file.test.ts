import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Restriction } from '../../model/decision.ts'
import { HeldFile } from './held-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-held-'))
after(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'held.json')
const entry = { realm: 'main', prefix: '192.0.2.1/32', subscriber: '1', state: 'isolate' }

test('what was put on is known after a restart, and nothing else lies beside it', async () => {
  await new HeldFile(path).putting([entry as unknown as Restriction], async () => {
    // A crash now, and it may be there.
    assert.deepEqual(new HeldFile(path).list(), [{ ...entry, standing: 'unsure' }])
    return new Map()
  })
  assert.deepEqual(new HeldFile(path).list(), [entry])
  assert.deepEqual(readdirSync(folder), ['held.json'])
})

test('what the next customer has there is not taken off with what the former one had', async () => {
  const held = new HeldFile(join(folder, 'next.json'))
  const [former, next] = ['1', '2'].map(subscriber => ({ ...entry, subscriber })) as unknown as [
    Restriction,
    Restriction,
  ]
  await held.putting([former], async () => new Map())
  await held.putting([next], async () => new Map())
  await held.lifting([former], async () => assert.fail('nothing is said of it'))
  assert.deepEqual(held.list(), [next])
})

test('what was being taken off when the program died is not known to be in force', async () => {
  const file = join(folder, 'lifting.json')
  const held = new HeldFile(file)
  const one = entry as unknown as Restriction
  await held.putting([one], async () => new Map())
  await held.lifting([one], async () => {
    assert.equal(new HeldFile(file).list()[0]?.standing, 'unsure')
    return new Map()
  })
  assert.deepEqual(held.list(), [])
})

for (const damage of [
  '',
  '[{"realm":"ma',
  '{}',
  'null',
  '[null]',
  '[{}]',
  '[{"realm":"main","prefix":1,"subscriber":"kd1","state":"isolated"}]',
])
  test(`a file with ${JSON.stringify(damage)} in it is not taken for an empty one`, () => {
    writeFileSync(path, damage)
    assert.throws(() => new HeldFile(path), /held\.json is damaged; it says which lines/)
    assert.equal(readFileSync(path, 'utf8'), damage)
  })
