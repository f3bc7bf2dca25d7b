// A store for src/drivers/sqlite/worker-client.test.ts whose thread ends when it is told to: in the middle of a call, or by an exception after it.

import { openSqlite } from '../../src/drivers/sqlite/open-sqlite.ts'
import { serveCalls } from '../../src/drivers/sqlite/serve-calls.ts'

export type DyingCall = 'add' | 'count' | 'exit' | 'throw'

serveCalls<DyingCall, number>(({ path }) => {
  const database = openSqlite(path, 'NORMAL')
  database.exec('CREATE TABLE IF NOT EXISTS one (n INTEGER PRIMARY KEY)')
  const carryOut = (call: DyingCall): number => {
    if (call === 'exit') process.exit(3)
    if (call === 'throw')
      setImmediate(() => {
        throw new Error('thrown by the test')
      })
    if (call === 'add') database.exec('INSERT INTO one DEFAULT VALUES')
    return Number(database.prepare('SELECT count(*) AS n FROM one').get()?.['n'])
  }
  return { together: calls => calls.map(carryOut), close: () => database.close() }
})
