// The tables of the queue, and how an older queue becomes a newer one: numbered steps, each in one transaction.

import { DatabaseSync } from 'node:sqlite'
import { type Columns, columnsIn, missingIn } from '../sqlite/missing-columns.ts'
import { NewerCordon, versionOf } from '../sqlite/newer-cordon.ts'
import { liesInFile } from '../sqlite/store-problem.ts'
import { QUEUE_PAGE } from './sound-spool.ts'

const STEPS: readonly string[] = [
  `
  CREATE TABLE IF NOT EXISTS message (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, sender TEXT NOT NULL, login TEXT, subscriber TEXT,
    expires INTEGER NOT NULL, nats REAL NOT NULL, bounceable INTEGER NOT NULL, size INTEGER NOT NULL,
    subject TEXT NOT NULL, facts TEXT, headers TEXT NOT NULL, file TEXT, body BLOB
  );
  CREATE TABLE IF NOT EXISTS recipient (
    id INTEGER PRIMARY KEY, message TEXT NOT NULL REFERENCES message(id), address TEXT NOT NULL,
    state TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, why TEXT
  );
  CREATE INDEX IF NOT EXISTS recipient_due ON recipient (state, due);
  CREATE INDEX IF NOT EXISTS recipient_message ON recipient (message);
  CREATE INDEX IF NOT EXISTS message_login ON message (login) WHERE login IS NOT NULL;
  CREATE INDEX IF NOT EXISTS message_subscriber ON message (subscriber) WHERE subscriber IS NOT NULL;
`,
  // What senders ask for (RFC 3461 and others), and whether they were told that it takes long.
  `
  ALTER TABLE message ADD COLUMN wishes TEXT;
  ALTER TABLE recipient ADD COLUMN wishes TEXT;
  ALTER TABLE recipient ADD COLUMN warned INTEGER NOT NULL DEFAULT 0;
`,
  // Names of messages that are taken once.
  `
  CREATE TABLE once (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`,
  // CRC-32 of a body that is a file (whole-body.ts).
  `
  ALTER TABLE message ADD COLUMN sum INTEGER;
`,
  // They are called what RFC 5321 calls them: parameters of ESMTP.
  `
  ALTER TABLE message RENAME COLUMN wishes TO esmtp;
  ALTER TABLE recipient RENAME COLUMN wishes TO esmtp;
`,
  // Mail that waits for the window of its sender: whose, and in which bucket.
  `
  ALTER TABLE recipient ADD COLUMN payer TEXT;
  ALTER TABLE recipient ADD COLUMN bucket TEXT;
  CREATE INDEX recipient_paced ON recipient (payer, bucket) WHERE state = 'paced';
`,
]

/** Throws when a table or a column is not there that the steps have made, however it was lost. */
function mustBeWhole(database: DatabaseSync): void {
  const missing = missingIn(database, wantedColumns())
  if (missing !== undefined) throw new Error(`the queue is damaged (${missing}). ${QUEUE_PAGE}`)
}

/** What the steps make of nothing. */
function wantedColumns(): Columns {
  const empty = new DatabaseSync(':memory:')
  try {
    empty.exec(STEPS.join('\n'))
    return columnsIn(empty)
  } finally {
    empty.close()
  }
}

/** Throws when the queue was written by a newer Cordon: going on could lose what that one knew. */
export function migrate(database: DatabaseSync): void {
  const version = versionOf(database)
  if (version > STEPS.length) throw new NewerCordon('the queue')
  for (const [i, step] of STEPS.entries()) {
    if (i < version) continue
    try {
      database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${i + 1}; COMMIT;`)
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      if (!liesInFile(error)) throw error
      const why = `it says it is of version ${version}, and its tables are not: ${(error as Error).message}`
      // The steps before this one are done.
      throw new Error(`the queue is damaged (${why}). ${QUEUE_PAGE}`, { cause: error })
    }
  }
  mustBeWhole(database)
}

/** Writes what is written already. */
export function touch(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${STEPS.length}`)
}
