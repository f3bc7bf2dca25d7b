// Anna and her provider on a virtual clock, for evidence by episodes: she sends from her line, or her login is used from elsewhere.

import type { EpisodeMode, EpisodeSubject } from '../../src/model/episode.ts'
import type { Plan } from '../../src/model/subscriber.ts'
import { correspondentKey } from '../../src/mail/correspondent-key.ts'
import { virtualCordon, type VirtualSettings } from '../../src/simulation/virtual/virtual-cordon.ts'
import { PILLS } from './pills-scanner.ts'
import { shipped } from './shipped.ts'
import { customer } from './small-cordon.ts'

const START = Date.UTC(2026, 0, 5, 8)
const HOME = '203.0.113.7'
const ANNA = 'anna@isp.example'
export const SPAM = 'Buy cheap pills now from our wonderful shop'
export const CUSTOMERS = ['anna', 'bert'].map(name => customer(name))
export const LEASES = [{ realm: 'main', prefix: `${HOME}/32`, subscriber: 'anna', from: 0 }]

type EpisodeWorldSettings = Partial<
  Pick<
    VirtualSettings,
    | 'states'
    | 'trouble'
    | 'spool'
    | 'ledger'
    | 'names'
    | 'policy'
    | 'budgets'
    | 'isolateByMail'
    | 'subscribers'
    | 'elsewhere'
    | 'scanner'
    | 'factors'
    | 'counters'
    | 'loops'
    | 'traps'
  >
> & {
  readonly episodes?: EpisodeMode
  /** Whom Anna has written to before. */
  readonly knows?: readonly string[]
  /** ms since 1970. */
  readonly begins?: number
  /** Of Anna. */
  readonly plan?: Plan
}

type Answered = 'spam-refused' | 'unknown-user' | 'smart-host' | undefined

export async function episodeWorld({
  knows = [],
  begins = START,
  plan = 'consumer',
  ...settings
}: EpisodeWorldSettings = {}) {
  let at = begins
  let letters = 0
  const verdicts: string[] = []
  const cordon = await virtualCordon({
    subscribers: CUSTOMERS.map(one => (one.id === 'anna' ? { ...one, plan } : one)),
    leases: LEASES,
    domains: ['isp.example'],
    forwards: {},
    scanner: PILLS,
    ...shipped,
    // The evidence in force must let all of it leave: only the episodes are looked at.
    budgets: { wrongIsolations: 1e-300, holds: 1e-300, probation: 0 },
    ...settings,
    now: () => at,
  })
  await cordon.engine.importHistory(
    knows.map(friend => ({
      at: START,
      login: ANNA,
      address: HOME,
      port: 4000,
      recipients: [friend],
    })),
  )
  const submit = async (to: readonly string[], text = 'Good morning', address = HOME) => {
    const draft = await cordon.engine.open({
      session: 's',
      listener: 'submission',
      at,
      client: { realm: 'main', address, port: 4000 },
      tls: true,
      helo: 'x',
      login: ANNA,
      sender: ANNA,
      recipients: to,
      extended: true,
      esmtp: {},
    })
    await draft.write(
      Buffer.from(
        `From: <${ANNA}>\r\nMessage-ID: <${++letters}@x.example>\r\n\r\n${text} ${letters}\r\n`,
      ),
    )
    verdicts.push((await draft.finish()).verdict.kind)
  }
  return {
    cordon,
    verdicts,
    /** The recipients' own servers take what is due, or say `result` of it; a smart host takes it and says nothing of its own. */
    deliver: async (said?: Answered | ((address: string) => Answered)) => {
      const reached: string[] = []
      for (const claim of await cordon.spool.claim(at, 1000, 60_000))
        for (const { id, address } of claim.recipients) {
          reached.push(address)
          const result = typeof said === 'function' ? said(address) : said
          const recipient = correspondentKey(address, 'the same for every run')
          const { message, login = ANNA, facts } = claim
          const about = { at, message, recipient, relay: 'outside', login }
          const known = facts && result !== 'smart-host' ? { facts } : {}
          if (result === undefined || result === 'smart-host')
            cordon.engine.report({ kind: 'delivery-done', ...about, ...known })
          else
            cordon.engine.report({
              kind: 'delivery-failed',
              ...about,
              ...known,
              permanent: true,
              result,
              code: 550,
            })
          await cordon.spool.settle([{ recipient: id, outcome: 'done' }])
          await cordon.engine.idle()
        }
      return reached
    },
    /** What waits its turn, in the order of the queue. */
    paced: () => cordon.spool.list({ state: 'paced' }),
    /** The chore, every so often until `ms` are over. Returns who is reached. */
    pass: async (ms: number, every = 15_000) => {
      const reached: string[] = []
      for (const end = at + ms; at < end; ) {
        at = Math.min(end, at + every)
        await cordon.engine.chores.window(at)
        for (const claim of await cordon.spool.claim(at, 1000, 60_000))
          for (const { id, address } of claim.recipients) {
            reached.push(address)
            await cordon.spool.settle([{ recipient: id, outcome: 'done' }])
          }
      }
      return reached
    },
    now: () => at,
    wait: (ms: number) => void (at += ms),
    view: (subject: EpisodeSubject) => cordon.engine.episodes(subject, at),
    /** Without waiting for what follows: several at once. */
    submit,
    send: async (...message: Parameters<typeof submit>) => {
      await submit(...message)
      await cordon.engine.idle()
    },
  }
}

export type EpisodeWorld = Awaited<ReturnType<typeof episodeWorld>>
