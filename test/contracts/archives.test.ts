// What every lister of archives must do. Which formats it reads, against the programs that write them: test/e2e/archives.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ArchiveLister } from '../../src/drivers/archives/archive-lister.ts'
import { FOR } from '../support/listing.ts'
import { owned } from '../support/owned.ts'

test('it never rejects: nothing, no archive, a cut one, one that nobody waits for any more, and after its end', async t => {
  const lister = await owned(t, new ArchiveLister(error => assert.fail(String(error))))
  assert.deepEqual(await lister.list([], FOR), { names: [], encrypted: false })
  const bytes = Buffer.from('PK\x03\x04 and then nothing')
  const cut = await lister.list([{ name: 'a.zip', bytes, cut: 'large' }], FOR)
  assert.ok(cut.unlisted !== undefined, 'what could not be read to its end is no empty archive')
  const signal = AbortSignal.abort()
  assert.ok(
    (await lister.list([{ name: 'a.zip', bytes, cut: false }], { ...FOR, signal })).unlisted,
  )
  await lister.close()
  assert.ok((await lister.list([{ name: 'a.zip', bytes, cut: false }], FOR)).unlisted)
})
