import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { migrate } from './schema.ts'

test('a queue that says it is older than its tables is damaged, and is left as it is', () => {
  for (const version of [0, 1, 3, -3]) {
    const database = new DatabaseSync(':memory:')
    migrate(database)
    const schema = () => database.prepare('SELECT sql FROM sqlite_schema ORDER BY name').all()
    const before = schema()
    database.exec(`PRAGMA user_version = ${version}`)
    assert.throws(
      () => migrate(database),
      /^Error: the queue is damaged \(it says .*docs\/operations/,
    )
    assert.deepEqual(schema(), before)
    database.close()
  }
})

test('a queue without a table or a column of its version is damaged', () => {
  for (const [taken, what] of [
    ['DROP TABLE recipient', 'without its tables recipient'],
    ['DROP TABLE once', 'without its tables once'],
    ['ALTER TABLE message DROP COLUMN facts', 'without its columns message.facts'],
  ] as const) {
    const database = new DatabaseSync(':memory:')
    migrate(database)
    database.exec(taken)
    assert.throws(
      () => migrate(database),
      ({ message }: Error) => message.startsWith(`the queue is damaged (${what}). docs/operations`),
    )
    database.close()
  }
})
