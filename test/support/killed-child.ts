// A Cordon over real files that kills itself (SIGKILL) before the nth thing that follows from a decision, and the next one over the same
// files, which is told nothing and says what became of it all: `killed-child.ts FOLDER contain|release N` and `killed-child.ts FOLDER look`.

import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ledgerRecords } from '../../src/drivers/ledger/ledger-records.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { randomNames } from '../../src/drivers/names/random-names.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { alarmOutbox, type KeptAlarm } from '../../src/engine/letters/alarms/alarm-outbox.ts'
import { mailChannel } from '../../src/engine/letters/alarms/mail-channel.ts'
import {
  alarmTeller,
  beginHere,
  type ChannelPlace,
} from '../../src/engine/letters/alarms/teller.ts'
import type { Restriction } from '../../src/model/decision.ts'
import type { AlarmChannel } from '../../src/ports/alarm-channel.ts'
import type { NetworkControl } from '../../src/ports/network-control.ts'
import type { Spool } from '../../src/ports/spool.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { annasHome } from './annas-home.ts'
import { ANNA, decoy, START } from './annas-trouble.ts'
import { waitingMail } from './waiting-mail.ts'

const [folder = '', what = 'look', n = '0'] = process.argv.slice(2)
const AT = START + 60_000
let armed = false
let steps = 0

/** Before everything that is changed somewhere, once a decision is being made. */
function step(): void {
  if (armed && ++steps === Number(n)) process.kill(process.pid, 'SIGKILL')
}

const ledger = await openLedgerFile(join(folder, 'ledger.db'))
const spool = await openSpool({ folder: join(folder, 'spool') })
const records: typeof ledger.records = {
  ...ledger.records,
  put: record => {
    step()
    return ledger.records.put(record)
  },
}
const NOC = 'noc@isp.example'
const places = await ledgerRecords<ChannelPlace>(records, 'alarm-channel')
const begun = Math.max(0, ...Array.from(places.all(), one => one.after))
const outbox = alarmOutbox(await ledgerRecords<KeptAlarm>(records, 'alarm'), begun)
const pager = pagerIn(join(folder, 'paged'))
await beginHere(places, [`mail ${NOC}`, pager.name], outbox.last())
const cordon = await virtualCordon({
  ...annasHome,
  names: randomNames(),
  ledger: {
    ...ledger,
    cases: {
      ...ledger.cases,
      saveCase: async change => {
        step()
        const answer = await ledger.cases.saveCase(change)
        step()
        return answer
      },
    },
    records,
  },
  alarms: outbox,
  spool: stepping(spool),
  routers: [router(join(folder, 'router.json'))],
  now: () => AT,
})
await cordon.engine.ready
if (what === 'look') await cordon.engine.chores.effects()
else {
  await waitingMail(spool, START)
  if (what === 'release') await contain()
  armed = true
  if (what === 'release') await release()
  else await contain()
}
await cordon.engine.idle()
await cordon.engine.chores.effects()
await tell()
const rows = await spool.list({})
const incident = cordon.ledger.cases.open(ANNA)
const found = {
  steps,
  status: incident?.status,
  letters: rows
    .filter(row => row.sender.startsWith('abuse-desk') && row.recipient !== NOC)
    .map(row => row.subject),
  alarmMails: rows.filter(({ recipient }) => recipient === NOC).map(row => row.subject),
  // Posted again under the same id it is one for its receiver.
  paged: [...new Set(pager.lines())],
  mail: rows.filter(({ sender }) => sender.startsWith('anna')).map(row => row.state),
  notices: (await ledger.notices.notices(incident?.id ?? '')).map(one => one.notice),
  router: router(join(folder, 'router.json'))
    .entries()
    .map(one => one.state),
}
await cordon.close()
process.stdout.write(JSON.stringify(found))

/** As often as it is due. */
async function tell(): Promise<void> {
  const trouble = (error: unknown) => {
    throw error
  }
  const { signal: stopping } = new AbortController()
  const mail = mailChannel(NOC, {
    engine: cordon.engine,
    ourName: 'mail.isp.example',
    mailDomain: 'isp.example',
    timeZone: () => 'UTC',
    dkim: undefined,
  })
  for (const channel of [mail, pager]) {
    const teller = alarmTeller(channel, { outbox, places, trouble, stopping })
    for (let i = 0; i < 3; i++) await teller.tell(AT + i * 1000)
  }
}

function pagerIn(file: string): AlarmChannel & { lines(): readonly string[] } {
  return {
    name: 'pager',
    withoutStores: true,
    lines: () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []),
    tell: async ({ id, alarms }) => {
      step()
      for (const alarm of alarms) appendFileSync(file, `${id} ${alarm.id}\n`)
      step()
    },
  }
}

async function contain(): Promise<void> {
  cordon.engine.report(decoy('d1', START))
  await cordon.engine.idle()
}

async function release(): Promise<void> {
  const order = { kind: 'release', incident: ledger.cases.open(ANNA)?.id ?? '' } as const
  const actor = { kind: 'staff', name: 'kim' } as const
  await cordon.engine.command({ actor, at: START + 1000, order })
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

/** Keeps what it holds over a restart, as a real one does. */
function router(file: string): NetworkControl & { entries(): readonly Restriction[] } {
  const entries = () =>
    existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Restriction[]) : []
  const without = (gone: readonly Restriction[]) =>
    entries().filter(one => !gone.some(({ prefix }) => prefix === one.prefix))
  const set = (all: readonly Restriction[]) => {
    step()
    writeFileSync(file, JSON.stringify(all))
    step()
  }
  return {
    name: 'router',
    entries,
    fits: () => true,
    list: async () => entries(),
    apply: async given => set([...without(given), ...given]),
    revoke: async given => set(without(given)),
  }
}
