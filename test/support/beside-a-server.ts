// A mail server beside us that holds what it is told to hold, with a releaser, as the engine and a test see it.

import { heldElsewhere } from '../../src/engine/intake/elsewhere/held-elsewhere.ts'
import type { HeldRecord } from '../../src/engine/intake/elsewhere/held-record.ts'
import { MAX_HOLD } from '../../src/model/decision.ts'
import { HOUR } from '../../src/model/duration.ts'
import { NO_PARAMETERS } from '../../src/model/esmtp-parameters.ts'
import type { Step, Transaction } from '../../src/model/step.ts'
import { StoreUnavailable } from '../../src/model/errors.ts'
import { HoldQueueAway } from '../../src/ports/hold-queue.ts'
import { memoryRecords } from './memory-records.ts'
import { atEnd, type Owner } from './owned.ts'
import { shipped } from './shipped.ts'
import { NOW, smallCordon } from './small-cordon.ts'

export const LOGIN = 'anna@isp.example'
export const ID = (i: number) => `4cXKCk1bC5z${i}`
export const LIMITS = {
  messagesPerHour: 1,
  recipientsPerHour: 100,
  recipientsPerDay: 100,
  firstTimePerDay: 100,
}

export const WIDE = { ...LIMITS, messagesPerHour: 100 }

/** A mail server that holds what it is told to hold, and does as its releaser says. Sums of the table and limits hold its mail, no window. */
export async function beside(
  t: Owner,
  {
    away = false,
    asked = true,
    limits: ofAll = LIMITS,
  }: {
    readonly away?: boolean
    /** Whether its releaser was asked since the start. */
    readonly asked?: boolean
    readonly limits?: typeof LIMITS
  } = {},
) {
  const held = new Set<string>()
  const orders: string[] = []
  let isAway = away
  let isFull = false
  const onDisk = memoryRecords<HeldRecord>()
  const records: typeof onDisk = {
    ...onDisk,
    change: async (id, make) => {
      if (isFull) throw new StoreUnavailable('no room')
      return onDisk.change(id, make)
    },
  }
  const act = async (order: string, ids: readonly string[]) => {
    if (isAway) throw new HoldQueueAway('the releaser does not answer')
    orders.push(...ids.map(id => `${order} ${id}`))
    return new Set(ids.filter(id => held.delete(id)))
  }
  const elsewhere = heldElsewhere({
    records,
    queue: {
      list: async () => {
        if (isAway) throw new HoldQueueAway('the releaser does not answer')
        return new Set(held)
      },
      release: ids => act('release', ids),
      remove: ids => act('delete', ids),
    },
    now: () => NOW,
    passed: () => 0,
  })
  const limits = { ...shipped.policy.limits, consumer: ofAll, site: ofAll }
  const cordon = await smallCordon(undefined, { limits }, {}, { elsewhere, episodes: 'shadow' })
  atEnd(t, async () => {
    await cordon.engine.idle()
    await cordon.close()
  })
  if (asked) await elsewhere.look(NOW).catch(() => undefined)
  const client = { realm: 'main', address: '198.51.100.9', port: 1 }
  const common = { listener: 'submission', at: NOW, client, tls: true, login: LOGIN } as const
  const ask = async (i: number, more: Partial<Step> = {}) => {
    const recipients = ['bert@isp.example']
    const session = `s${i}`
    const about = {
      ...common,
      session,
      sender: LOGIN,
      recipients,
      recipientCount: 3,
      once: session,
    }
    const step: Step = { ...about, stage: 'message', commits: true, keptAs: ID(i), ...more }
    const { verdict } = await cordon.engine.judge(step)
    if (verdict.kind === 'hold') held.add(ID(i))
    return verdict
  }
  const milter = async (i: number, more: Partial<Transaction> = {}) => {
    const tx: Transaction = {
      ...common,
      session: `m${i}`,
      helo: 'x',
      sender: LOGIN,
      recipients: ['bert@isp.example'],
      extended: true,
      esmtp: NO_PARAMETERS,
      elsewhere: true,
      keptAs: ID(i),
      ...more,
    }
    const draft = await cordon.engine.open(tx)
    await draft.write(Buffer.from(`From: ${LOGIN}\r\nSubject: letter ${i}\r\n\r\nhello\r\n`))
    const { verdict } = await draft.finish()
    if (verdict.kind === 'hold') held.add(ID(i))
    return verdict
  }
  const order = (given: { readonly kind: 'release-message' | 'purge-message'; message: string }) =>
    cordon.engine.command({ order: given, actor: { kind: 'staff', name: 'eva' }, at: NOW })
  return {
    cordon,
    elsewhere,
    held,
    orders,
    ask,
    milter,
    order,
    rows: () => elsewhere.list({}),
    events: (kind: string) => cordon.journal.filter(event => event.kind === kind),
    away: (is: boolean) => void (isAway = is),
    /** The disk that the records are on. */
    full: (is: boolean) => void (isFull = is),
  }
}

export const RECORD: HeldRecord = {
  id: '',
  message: '',
  at: NOW,
  sender: LOGIN,
  login: LOGIN,
  subscriber: 'anna',
  recipient: 'bert@isp.example',
  subject: '',
  due: NOW + HOUR,
  why: 'evidence',
  nats: 4,
  expires: NOW + MAX_HOLD,
}
