// The same story (paced-story.ts) beside a mail server that stays: it holds what it is told to, in a folder that outlives Cordon.

import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { ledgerRecords } from '../../src/drivers/ledger/ledger-records.ts'
import { randomNames } from '../../src/drivers/names/random-names.ts'
import { heldElsewhere } from '../../src/engine/intake/elsewhere/held-elsewhere.ts'
import type { HeldRecord } from '../../src/engine/intake/elsewhere/held-record.ts'
import { HOUR } from '../../src/model/duration.ts'
import { NO_PARAMETERS } from '../../src/model/esmtp-parameters.ts'
import type { RecordRows } from '../../src/ports/records.ts'
import { episodeWorld, SPAM } from './episode-world.ts'
import { ANNA } from './paced-there.ts'

const START = Date.UTC(2026, 0, 5, 8)
const MESSAGES = 4

/** Every so often one has two recipients: its tokens come one by one. */
const recipientsOf = (i: number) =>
  Array.from({ length: i === 2 ? 2 : 1 }, (_, n) => `c${i}.${n}@firm${i}.example`)

export async function pacedThereStory(
  folder: string,
  { sends, step }: { readonly sends: boolean; readonly step: () => void },
): Promise<readonly string[]> {
  const hold = join(folder, 'hold')
  if (!existsSync(hold)) mkdirSync(hold)
  const write = (file: string, line: string) => appendFileSync(join(folder, file), `${line}\n`)
  const counters = await openCounters(join(folder, 'counters.db'), {
    trouble: error => process.stderr.write(String(error)),
  })
  const { states } = counters
  const ledger = await openLedgerFile(join(folder, 'ledger.db'))
  let now = () => START
  const take = (ids: readonly string[], then: (id: string) => void) => {
    const done = ids.filter(id => existsSync(join(hold, id)))
    for (const id of done) {
      step()
      // One step of that server's: it does not stop when Cordon does.
      rmSync(join(hold, id))
      then(id)
      step()
    }
    return new Set(done)
  }
  const elsewhere = heldElsewhere({
    records: await ledgerRecords<HeldRecord>(stepping(ledger.records, step), 'held-elsewhere'),
    queue: {
      list: async () => new Set(readdirSync(hold)),
      release: async ids => take(ids, id => write('reached', id)),
      remove: async ids => take(ids, id => write('deleted', id)),
    },
    now: () => now(),
    passed: () => now() - START,
  })
  const world = await episodeWorld({
    episodes: 'pace',
    begins: sends ? START : START + HOUR,
    names: randomNames(),
    ledger,
    elsewhere,
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
  now = world.now
  const { engine } = world.cordon
  await engine.chores.heldElsewhere(world.now())
  for (let i = 0; i < (sends ? MESSAGES : 0); i++) {
    const id = `4cXKCk000${i}z5C`
    const draft = await engine.open({
      session: `s${i}`,
      listener: 'submission',
      at: world.now(),
      client: { realm: 'main', address: '203.0.113.7', port: 4000 },
      tls: true,
      helo: 'x',
      login: ANNA,
      sender: ANNA,
      recipients: recipientsOf(i),
      extended: true,
      esmtp: NO_PARAMETERS,
      elsewhere: true,
      keptAs: id,
    })
    await draft.write(Buffer.from(`From: <${ANNA}>\r\nSubject: ${i}\r\n\r\n${SPAM} ${i}\r\n`))
    const { verdict } = await draft.finish()
    // That server's own step, as above.
    if (verdict.kind === 'hold') writeFileSync(join(hold, id), '')
    else write('reached', id)
    write('answered', id)
    await engine.idle()
  }
  for (let hour = 0; hour < 5 * 24; hour += 3) {
    world.wait(3 * HOUR)
    await engine.chores.heldElsewhere(world.now())
    await engine.chores.secondLook(world.now())
    await engine.chores.window(world.now())
  }
  const left = [...(await elsewhere.list({})).map(row => String(row.keptAs)), ...readdirSync(hold)]
  await engine.idle()
  await world.cordon.close()
  await counters.close()
  return left
}

const stepping = (inner: RecordRows, step: () => void): RecordRows => ({
  list: kind => inner.list(kind),
  get: (kind, id) => inner.get(kind, id),
  put: async record => {
    step()
    const put = await inner.put(record)
    step()
    return put
  },
  remove: async record => {
    step()
    const removed = await inner.remove(record)
    step()
    return removed
  },
})
