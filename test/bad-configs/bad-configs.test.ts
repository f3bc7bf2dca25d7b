// Every wrong configuration is answered by a sentence with the path, what is wrong, and what to write instead.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exampleConfig } from '../../src/config/example.ts'
import { loadConfig, parseConfig } from '../../src/config/load.ts'
import { ConfigError } from '../../src/model/errors.ts'

for (const entry of readdirSync(import.meta.dirname, { withFileTypes: true }).filter(one =>
  one.isDirectory(),
)) {
  test(entry.name, () => {
    const folder = join(import.meta.dirname, entry.name)
    const expected = readFileSync(join(folder, 'expected-error'), 'utf8').trim()
    assert.throws(
      () => loadConfig(join(folder, 'config.yaml')),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError)
        assert.ok(error.message.startsWith(expected), `said: ${error.message}`)
        return true
      },
    )
  })
}

test('the example can be used, and nothing at all, too', () => {
  parseConfig(exampleConfig())
  assert.equal(Object.isFrozen(parseConfig('').limits.consumer), true)
})
