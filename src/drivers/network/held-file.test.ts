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

test('what was put on is known after a restart, and nothing else lies beside it', () => {
  new HeldFile(path).put([entry as unknown as Restriction])
  assert.deepEqual(new HeldFile(path).list(), [entry])
  assert.deepEqual(readdirSync(folder), ['held.json'])
})

for (const damage of ['', '[{"realm":"ma', '{}', 'null'])
  test(`a file with ${JSON.stringify(damage)} in it is not taken for an empty one`, () => {
    writeFileSync(path, damage)
    assert.throws(() => new HeldFile(path), /held\.json is damaged; it says which lines/)
    assert.equal(readFileSync(path, 'utf8'), damage)
  })
