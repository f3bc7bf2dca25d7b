// A large body on disk that has the right length and other bytes than were written: it is not lent, stays in the queue and is said. One that
// an older Cordon wrote has no sum, and goes.

import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { folderOf, owned } from '../support/owned.ts'
import { AT, message, put, recipient } from '../support/spooled.ts'

test('a body of the right length with other bytes is not lent, and said; one without a sum goes', async t => {
  const folder = folderOf(t)
  const first = await owned(t, openSpool({ folder }))
  const names = ['whole', 'zeroed', 'altered', 'old'] as const
  const files = new Map<string, string>()
  for (const name of names) {
    const before = new Set(readdirSync(join(folder, 'bodies')))
    await put(first, message(name, [recipient('a@b.example')]), Buffer.alloc(200_000, name))
    for (const one of readdirSync(join(folder, 'bodies')))
      if (!before.has(one)) files.set(name, one)
  }
  await first.close()
  const pathOf = (name: string) => join(folder, 'bodies', files.get(name) ?? '')
  writeFileSync(pathOf('zeroed'), Buffer.alloc(200_000))
  const altered = Buffer.alloc(200_000, 'altered')
  altered[150_000] = 0
  writeFileSync(pathOf('altered'), altered)
  writeFileSync(pathOf('old'), Buffer.alloc(200_000, 'who can know'))
  const database = new DatabaseSync(join(folder, 'spool.db'))
  database.exec("UPDATE message SET sum = NULL WHERE id = 'old'")
  database.close()
  const spool = await owned(t, openSpool({ folder }))
  const heard: string[] = []
  spool.onDamaged(words => void heard.push(words))
  const lent = await spool.claim(AT + 1000, 100, 1000)
  assert.deepEqual(lent.map(one => one.message).toSorted(), ['old', 'whole'])
  assert.match(heard.join(), /2 recipients is not sent.*other bytes than were written/)
  const why = (await spool.list({})).filter(row => row.why?.includes('damaged in the queue'))
  assert.deepEqual(why.map(row => row.message).toSorted(), ['altered', 'zeroed'])
})
