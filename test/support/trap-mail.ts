// Anna's mail in a small Cordon that has traps, after what came to her from outside: what is then decided on her line, and why.

import assert from 'node:assert/strict'
import type { EpisodeMode } from '../../src/model/episode.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { PILLS } from './pills-scanner.ts'
import { shipped } from './shipped.ts'
import { customer } from './small-cordon.ts'

const START = Date.UTC(2026, 0, 5, 12)
export const FIRST = 'never.given@isp.example'
export const SECOND = 'spamtrap@meadow.example'
export const THIRD = 'third@meadow.example'

export type TrapMail = {
  readonly to: readonly string[]
  readonly header?: string
  readonly text?: string
  readonly sender?: string
  /** Minutes after the start. */
  readonly minute?: number
  /** It has no Message-ID. */
  readonly unnamed?: boolean
}

export const OFFER = 'We have a fine offer of used bicycles for everybody'
export const HOLIDAY = 'The holidays by the sea were lovely, and much too short'
export const SPAM = 'Buy cheap pills now from our wonderful shop'

export const WORDS = 'apples boats clouds dunes eagles forests gardens hills islands lakes'.split(
  ' ',
)

/** What a bot sends from a list before it comes to what matters: each text another, so that no sum isolates it. */
export const toList = (minute: number, count = 5): readonly TrapMail[] =>
  WORDS.slice(0, count).map(word => ({
    to: [`${word}${minute}@meadow.example`],
    text: `All about ${word} of the ${word} and more ${word}`,
    minute,
  }))

/** Anna's mail, after what came to her from outside; what was then decided on her line, and what it is accused of. */
export async function after(mail: readonly TrapMail[], fromOutside: readonly TrapMail[] = []) {
  const { journal, verdicts } = await sent(mail, fromOutside)
  const decided = journal.flatMap(event => (event.kind === 'decision-made' ? [event.what] : []))
  const cells = journal.flatMap(event =>
    event.kind === 'evidence-weighed' && event.cell.startsWith('message/trap') ? [event.cell] : [],
  )
  return { decided, cells, verdicts }
}

/** The journal of it. */
export async function sent(
  mail: readonly TrapMail[],
  fromOutside: readonly TrapMail[] = [],
  episodes: EpisodeMode = 'decide',
) {
  const cordon = await virtualCordon({
    subscribers: [customer('anna'), customer('bert')],
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: ['isp.example'],
    forwards: {},
    scanner: PILLS,
    traps: [FIRST, SECOND, THIRD],
    ...shipped,
    episodes,
    now: () => START,
  })
  const send = async (one: TrapMail, outside: boolean) => {
    const { to, header = '', text = 'Good morning', minute = 0 } = one
    const sender = one.sender ?? (outside ? 'shop@far.example' : 'anna@isp.example')
    const draft = await cordon.engine.open({
      session: 's',
      listener: outside ? 'inbound' : 'submission',
      at: START + minute * 60_000,
      client: { realm: 'main', address: outside ? '198.51.100.9' : '203.0.113.7', port: 4000 },
      tls: true,
      helo: 'x',
      ...(outside ? {} : { login: 'anna@isp.example' }),
      sender,
      recipients: to,
      extended: true,
      esmtp: {},
    })
    const named = outside && one.unnamed ? '' : `Message-ID: <${minute}@x.example>\r\n`
    const first = `From: <${sender}>\r\nDate: Mon, 5 Jan 2026 12:00:00 +0000\r\n${named}`
    await draft.write(Buffer.from(`${first}${header}\r\n${text}\r\n`))
    return (await draft.finish()).verdict.kind
  }
  for (const one of fromOutside) assert.equal(await send(one, true), 'accept')
  const verdicts: string[] = []
  for (const one of mail) verdicts.push(await send(one, false))
  await cordon.engine.idle()
  await cordon.close()
  return { journal: cordon.journal, verdicts }
}
