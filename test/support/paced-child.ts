// A Cordon with its window in force over real files that kills itself (SIGKILL) before or after the nth change of a store: `paced-child.ts
// FOLDER send N`. The next one over the same files (`look`) is told nothing, and goes on with what waits. What was answered and who was
// reached each writes down in the folder.

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { randomNames } from '../../src/drivers/names/random-names.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { HOUR } from '../../src/model/duration.ts'
import type { Spool } from '../../src/ports/spool.ts'
import { episodeWorld, SPAM } from './episode-world.ts'

const [folder = '', what = 'look', n = '0'] = process.argv.slice(2)
const START = Date.UTC(2026, 0, 5, 8)
const MESSAGES = 4
let steps = 0

function step(): void {
  if (what === 'send' && ++steps === Number(n)) process.kill(process.pid, 'SIGKILL')
}

const counters = await openCounters(join(folder, 'counters.db'), {
  trouble: error => process.stderr.write(String(error)),
})
const { states } = counters
const spool = await openSpool({ folder: join(folder, 'spool') })
const world = await episodeWorld({
  episodes: 'pace',
  begins: what === 'send' ? START : START + HOUR,
  names: randomNames(),
  ledger: await openLedgerFile(join(folder, 'ledger.db')),
  spool: stepping(spool),
  states: {
    load: keys => states.load(keys),
    swap: async swap => {
      step()
      const swapped = await states.swap(swap)
      step()
      return swapped
    },
  },
})
if (what === 'send')
  for (let i = 0; i < MESSAGES; i++) {
    await world.send([`c${i}@firm${i}.example`], SPAM)
    write('answered', `c${i}@firm${i}.example`)
    await deliver()
  }
for (let hour = 0; hour < 5 * 24; hour += 3) {
  world.wait(3 * HOUR)
  await world.cordon.engine.chores.window(world.now())
  await deliver()
}
const left = (await spool.list({})).map(row => `${row.recipient} ${row.state}`)
process.stdout.write(JSON.stringify({ steps, left }))
await world.cordon.engine.idle()
await world.cordon.close()
await counters.close()

/** Nothing is killed in between: what is sent while Cordon is killed is another promise's (test/e2e/crash.test.ts). */
async function deliver(): Promise<void> {
  for (const { recipients } of await spool.claim(world.now(), 1000, 60_000)) {
    for (const { address } of recipients) write('reached', address)
    await spool.settle(recipients.map(({ id }) => ({ recipient: id, outcome: 'done' })))
  }
}

function write(file: string, line: string): void {
  appendFileSync(join(folder, file), `${line}\n`)
}

function stepping(inner: Spool): Spool {
  return {
    ...inner,
    open: () => {
      const draft = inner.open()
      return {
        ...draft,
        commit: async message => {
          step()
          await draft.commit(message)
          step()
        },
      }
    },
    change: async (filter, change) => {
      step()
      const changed = await inner.change(filter, change)
      step()
      return changed
    },
  }
}
