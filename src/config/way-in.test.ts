import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from './load.ts'
import { opening, wayIn } from './way-in.ts'

test('a setting with a default opens nothing, whichever door it stands beside', () => {
  const schema = { listeners: 1, milter: 1, doorThreads: 1, connections: 1, nftables: 1 }
  assert.deepEqual(opening(schema), ['listeners', 'milter', 'nftables'])
})

test('a way in is one that is written', () => {
  const problems = (text: string) => [...wayIn(parseConfig(text))].length
  assert.equal(problems('milter: {}\n'), 0)
  assert.equal(problems('listeners: []\ndomains: [isp.example]\nconnections: { total: 5 }\n'), 1)
  // Whatever sets it, if it was not written.
  assert.equal(
    [...wayIn({ ...parseConfig(''), milter: parseConfig('milter: {}\n').milter })].length,
    1,
  )
})
