// Anna's mail server stays, asks Cordon by milter or policy service, and holds what it is told to hold; the window is in force, on a virtual clock.

import { heldElsewhere } from '../../src/engine/intake/elsewhere/held-elsewhere.ts'
import type { HeldRecord } from '../../src/engine/intake/elsewhere/held-record.ts'
import { MINUTE, SECOND } from '../../src/model/duration.ts'
import type { EpisodeMode } from '../../src/model/episode.ts'
import { NO_PARAMETERS } from '../../src/model/esmtp-parameters.ts'
import { HoldQueueAway } from '../../src/ports/hold-queue.ts'
import { episodeWorld } from './episode-world.ts'
import { memoryRecords } from './memory-records.ts'

export const ANNA = 'anna@isp.example'
const CLIENT = { realm: 'main', address: '203.0.113.7', port: 4000 }

export type SentThere = {
  readonly verdict: string
  readonly reason: string | undefined
  readonly id: string
}

type PacedThereSettings = {
  readonly episodes?: EpisodeMode
  readonly knows?: readonly string[]
  /** Without a releaser. */
  readonly away?: boolean
}

export async function pacedThere({
  episodes = 'pace',
  away = false,
  ...more
}: PacedThereSettings = {}) {
  const held = new Set<string>()
  const orders: string[] = []
  const left: string[] = []
  let isAway = away
  let now = () => 0
  const act = (word: string) => async (ids: readonly string[]) => {
    if (isAway) throw new HoldQueueAway('the releaser does not answer')
    const done = ids.filter(id => held.delete(id))
    orders.push(...done.map(id => `${word} ${id}`))
    if (word === 'release') left.push(...done)
    return new Set(done)
  }
  const elsewhere = heldElsewhere({
    records: memoryRecords<HeldRecord>(),
    queue: {
      list: async () => {
        if (isAway) throw new HoldQueueAway('the releaser does not answer')
        return new Set(held)
      },
      release: act('release'),
      remove: act('delete'),
    },
    now: () => now(),
    passed: () => now(),
  })
  const world = await episodeWorld({ episodes, elsewhere, ...more })
  now = world.now
  await elsewhere.look(now()).catch(() => undefined)
  const { engine } = world.cordon
  let sent = 0
  const idOf = (i: number) => `4cXKCk${String(i).padStart(4, '0')}z5C`
  const after = (verdict: { readonly kind: string; readonly reason?: string }): SentThere => {
    const id = idOf(sent)
    if (verdict.kind === 'hold') held.add(id)
    if (verdict.kind === 'accept') left.push(id)
    return { verdict: verdict.kind, reason: verdict.reason, id }
  }
  const common = () => {
    sent++
    const session = `s${sent}`
    const about = { session, at: now(), client: CLIENT, tls: true, login: ANNA, sender: ANNA }
    return { ...about, listener: 'submission', keptAs: idOf(sent) } as const
  }
  return {
    world,
    elsewhere,
    held,
    orders,
    /** What went on from that server, at once or released. */
    left,
    away: (is: boolean) => void (isAway = is),
    milter: async (to: readonly string[], text = 'Good morning'): Promise<SentThere> => {
      const more = { helo: 'x', extended: true, esmtp: NO_PARAMETERS, elsewhere: true } as const
      const draft = await engine.open({ ...common(), ...more, recipients: to })
      const header = `From: <${ANNA}>\r\nSubject: ${sent}\r\nMessage-ID: <${sent}@x.example>\r\n`
      await draft.write(Buffer.from(`${header}\r\n${text} ${sent}\r\n`))
      return after((await draft.finish()).verdict)
    },
    policy: async (to: readonly string[]): Promise<SentThere> => {
      const about = { recipients: to, recipientCount: to.length, stage: 'message' } as const
      const step = common()
      const { verdict } = await engine.judge({
        ...step,
        ...about,
        commits: true,
        once: step.session,
      })
      return after(verdict)
    },
    rows: () => elsewhere.list({}),
    events: (kind: string) => world.cordon.journal.filter(event => event.kind === kind),
    /** The chores, as they run. */
    pass: async (ms: number, every = 15 * SECOND) => {
      for (const end = now() + ms; now() < end; ) {
        world.wait(Math.min(every, end - now()))
        await engine.chores.window(now())
        await engine.chores.secondLook(now()).catch(noted)
        if (now() % MINUTE < every) await engine.chores.heldElsewhere(now()).catch(noted)
      }
      await engine.idle()
    },
  }
}

/** As the app does: a releaser that is away is tried again. */
function noted(error: unknown): void {
  if (!(error instanceof HoldQueueAway)) throw error
}
