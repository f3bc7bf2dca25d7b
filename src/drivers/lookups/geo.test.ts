import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError } from '../../model/errors.ts'
import { geo } from './geo.ts'

test('a file that is missing or damaged is a mistake of the configuration, under its key', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-geo-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const damaged = join(folder, 'damaged.mmdb')
  writeFileSync(damaged, Buffer.from('00abcdef4d61784d696e642e636f6d', 'hex'))
  for (const [files, words] of [
    [{ country: damaged }, /^geo\.country: \S+damaged\.mmdb is no MMDB file, or is damaged\. /],
    [{ asn: join(folder, 'nowhere') }, /^geo\.asn: \S+nowhere cannot be read \(ENOENT/],
  ] as const)
    assert.throws(
      () => geo(files),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError)
        assert.match(error.message, words)
        return true
      },
    )
})
