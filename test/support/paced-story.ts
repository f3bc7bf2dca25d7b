// A Cordon with its window in force over real files: it sends, lets go and delivers, and may kill itself (SIGKILL) at the nth change of a store.
// The next one over the same files is told nothing, and goes on with what waits. What was answered and who was reached stands in the folder.

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { randomNames } from '../../src/drivers/names/random-names.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { HOUR } from '../../src/model/duration.ts'
import type { Spool } from '../../src/ports/spool.ts'
import { episodeWorld, SPAM } from './episode-world.ts'

const START = Date.UTC(2026, 0, 5, 8)
const MESSAGES = 4
const OWNER = 'anna@isp.example'

export type PacedStory = { readonly steps: number; readonly left: readonly string[] }

/** `step`: before and after every change of a store. */
export async function pacedStory(
  folder: string,
  { sends, step }: { readonly sends: boolean; readonly step: () => void },
): Promise<readonly string[]> {
  const counters = await openCounters(join(folder, 'counters.db'), {
    trouble: error => process.stderr.write(String(error)),
  })
  const { states } = counters
  const spool = await openSpool({ folder: join(folder, 'spool') })
  const world = await episodeWorld({
    episodes: 'pace',
    begins: sends ? START : START + HOUR,
    names: randomNames(),
    ledger: await openLedgerFile(join(folder, 'ledger.db')),
    spool: stepping(spool, step),
    states: {
      load: keys => states.load(keys),
      swap: async swap => {
        step()
        const swapped = await states.swap(swap)
        step()
        return swapped
      },
    },
    counters: {
      apply: async batch => {
        const isNote =
          batch.mode === 'take' && batch.ops.some(({ key }) => key.startsWith('asked-of:'))
        if (isNote) step()
        const counted = await counters.apply(batch)
        if (isNote) step()
        return counted
      },
    },
  })
  const write = (file: string, line: string) => appendFileSync(join(folder, file), `${line}\n`)
  /** Killed in between it would send again, which is another promise's (test/e2e/crash.test.ts). */
  const deliver = async () => {
    for (const { recipients } of await spool.claim(world.now(), 1000, 60_000)) {
      for (const { address } of recipients) write(address === OWNER ? 'asked' : 'reached', address)
      await spool.settle(recipients.map(({ id }) => ({ recipient: id, outcome: 'done' })))
    }
  }
  for (let i = 0; i < (sends ? MESSAGES : 0); i++) {
    await world.send([`c${i}@firm${i}.example`], SPAM)
    write('answered', `c${i}@firm${i}.example`)
    await deliver()
  }
  for (let hour = 0; hour < 5 * 24; hour += 3) {
    world.wait(3 * HOUR)
    await world.cordon.engine.chores.secondLook(world.now())
    await world.cordon.engine.chores.askOwners(world.now())
    await world.cordon.engine.chores.window(world.now())
    await deliver()
  }
  const left = (await spool.list({})).map(row => `${row.recipient} ${row.state}`)
  await world.cordon.engine.idle()
  await world.cordon.close()
  await counters.close()
  return left
}

function stepping(inner: Spool, step: () => void): Spool {
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
