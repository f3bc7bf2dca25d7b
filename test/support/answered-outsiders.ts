// A small provider on a virtual clock whose customers are written to by outsiders, and answer them: by hand, by a holiday program, or
// because a bot says that it answers.

import type { EpisodeMode } from '../../src/model/episode.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { PILLS } from './pills-scanner.ts'
import { shipped } from './shipped.ts'
import { customer } from './small-cordon.ts'

const START = Date.UTC(2026, 0, 5, 8)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const SPAM = 'Buy cheap pills now from our wonderful shop'
export const HOLIDAY = 'I am on holiday until Monday. Regards'
export const CUSTOMERS = ['anna', 'bert', 'carl', 'dora'].map(name => customer(name))
export const LEASES = CUSTOMERS.map(({ id }, i) => ({
  realm: 'main',
  prefix: `203.0.113.${7 + i}/32`,
  subscriber: id,
  from: 0,
}))

type OutsiderLetter = {
  readonly from: string
  readonly to: string
  readonly header?: string
  readonly text?: string
  readonly envelope?: string
}

/** Anna's provider on the virtual clock. `vouched`: domains whose SPF passes. The sums of the table decide, or what `episodes` says. */
export async function provider(vouched: readonly string[] = [], episodes: EpisodeMode = 'shadow') {
  let at = START
  let letters = 0
  const cordon = await virtualCordon({
    subscribers: CUSTOMERS,
    leases: LEASES,
    domains: ['isp.example'],
    forwards: {},
    scanner: PILLS,
    authenticator: {
      check: async ({ sender }) => {
        const domain = sender.slice(sender.lastIndexOf('@') + 1)
        return {
          spf: { result: vouched.includes(domain) ? 'pass' : 'none', domain },
          dkim: [],
          dmarc: { result: 'none', domain, policy: 'none' },
          arc: { result: 'none' },
          header: '',
        }
      },
    },
    ...shipped,
    episodes,
    now: () => at,
  })
  const hand = async (letter: OutsiderLetter, login?: string) => {
    const { from, to, header = '', text = 'Good morning', envelope = from } = letter
    const line = CUSTOMERS.findIndex(({ id }) => login?.startsWith(`${id}@`))
    const draft = await cordon.engine.open({
      session: 's',
      listener: login === undefined ? 'inbound' : 'submission',
      at,
      client: {
        realm: 'main',
        address: login === undefined ? '198.51.100.66' : `203.0.113.${7 + line}`,
        port: 4000,
      },
      tls: true,
      helo: 'x',
      ...(login === undefined ? {} : { login }),
      sender: envelope,
      recipients: [to],
      extended: true,
      esmtp: {},
    })
    const id = /^Message-ID/im.test(header) ? '' : `Message-ID: <l${++letters}@x.example>\r\n`
    await draft.write(
      Buffer.from(`From: <${from}>\r\nTo: <${to}>\r\n${id}${header}\r\n${text}\r\n`),
    )
    const judged = await draft.finish()
    await cordon.engine.idle()
    return { kind: judged.verdict.kind, message: judged.message ?? '' }
  }
  const world = {
    cordon,
    wait: (ms: number) => void (at += ms),
    inbound: (letter: OutsiderLetter) => hand(letter),
    send: (letter: Omit<OutsiderLetter, 'from'>, who = 'anna@isp.example') =>
      hand({ from: who, ...letter }, who),
    /** The other server takes what is due, or says `result` of it. */
    deliver: async (result?: 'spam-refused' | 'unknown-user') => {
      const gone: string[] = []
      for (const claim of await cordon.spool.claim(at, 1000, MINUTE)) {
        for (const { id, address } of claim.recipients) {
          if (address.endsWith('@isp.example')) continue
          gone.push(address)
          const about = { at, message: claim.message, recipient: address, relay: 'outside' }
          const login = claim.login === undefined ? {} : { login: claim.login }
          const answer = claim.facts?.answer
          if (result)
            cordon.engine.report({
              kind: 'delivery-failed',
              ...about,
              ...login,
              ...(claim.facts ? { facts: claim.facts } : {}),
              permanent: true,
              result,
              code: 550,
            })
          else
            cordon.engine.report({
              kind: 'delivery-done',
              ...about,
              ...login,
              ...(answer ? { answer } : {}),
            })
          await cordon.spool.settle([{ recipient: id, outcome: 'done' }])
        }
        await cordon.engine.idle()
      }
      return gone
    },
    chores: async () => {
      await cordon.engine.chores.deadlines(at)
      await cordon.engine.chores.secondLook(at)
      await cordon.engine.idle()
    },
    decided: () => [
      ...new Set(
        cordon.journal.flatMap(event => (event.kind === 'decision-made' ? [event.what] : [])),
      ),
    ],
    cells: () =>
      cordon.journal.flatMap(event => (event.kind === 'evidence-weighed' ? [event.cell] : [])),
  }
  return world
}

type ProviderWorld = Awaited<ReturnType<typeof provider>>

/** An outsider's mail with a fresh Reply-To, and the answer of Anna's holiday program, which their server then refuses. */
export async function attack(
  world: ProviderWorld,
  n: number,
  { text = HOLIDAY, domain = 'attack.example', answered = true } = {},
) {
  const [id, replyTo] = [`q${n}@${domain}`, `u${n}@${domain}`]
  await world.inbound({
    from: `bounce${n}@${domain}`,
    to: 'anna@isp.example',
    header: `Reply-To: <${replyTo}>\r\nMessage-ID: <${id}>\r\n`,
  })
  const answers = answered ? `In-Reply-To: <${id}>\r\nReferences: <${id}>\r\n` : ''
  const sent = await world.send({
    to: replyTo,
    text,
    header: `Auto-Submitted: auto-replied\r\n${answers}`,
  })
  return sent.kind
}
