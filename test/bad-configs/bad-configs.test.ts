// Every wrong configuration is answered by sentences, all of them at once, in the order of the file: the line and the path, what is wrong,
// and what to write instead.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exampleConfig } from '../../src/config/example.ts'
import { readConfiguration } from '../../src/app/configured-files.ts'
import { parseConfig } from '../../src/config/load.ts'
import { wayIn } from '../../src/config/way-in.ts'
import { ConfigError } from '../../src/model/errors.ts'

for (const entry of readdirSync(import.meta.dirname, { withFileTypes: true }).filter(one =>
  one.isDirectory(),
)) {
  test(entry.name, () => {
    const folder = join(import.meta.dirname, entry.name)
    const expected = readFileSync(join(folder, 'expected-error'), 'utf8').trim()
    assert.throws(
      () => readConfiguration(join(folder, 'config.yaml')),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError)
        assert.equal(error.message, expected)
        return true
      },
    )
  })
}

test('the example can be used, by a server as well', () => {
  parseConfig(exampleConfig(), [wayIn])
  assert.equal(Object.isFrozen(parseConfig('').limits.consumer), true)
})
