// Mailauth, as everything here calls it: strict (RFC 6376, 7208, 8301, 8617, 9989), with bounded questions to the DNS that never carry a
// name that is not legal, and a message that costs no more than its size says. What of its answer is believed is in `believed.ts`.

import { Readable } from 'node:stream'
import type { CameFrom } from '../../ports/authenticator.ts'
import { askedWithin, type Dns } from '../lookups/node-resolver.ts'
import { awakeTime } from '../awake-time.ts'
import { within } from '../within.ts'
import { authorDomains } from './author-domains.ts'
import { type AuthorResult, authorResult } from './author-results.ts'
import { passedFor } from './believed.ts'
import { boundedMessage } from './bounded-message.ts'
import { type EarlyKeys, earlyKeys } from './early-keys.ts'
import { type LeftOut, nothingLeftOut } from './left-out.ts'
import type { MailauthResult } from './mailauth-result.ts'
import { boundedKeys } from './key-answers.ts'

export type AuthenticationInput = {
  readonly dns: Dns
  readonly from: CameFrom
  readonly ourName: string
  readonly questions: number
  /** For all of it, in ms, in which it waits or works: what the thread does for others does not count (awake-time.ts). */
  readonly budget: number
  /** Makes an ARC set of what is found, too. */
  readonly seal?: {
    readonly signingDomain: string
    readonly selector: string
    readonly privateKey: string
    /** The value of its ARC-Authentication-Results; as a default what is found, in mailauth's words. */
    readonly authResults?: string
  }
}

/** Of the time, what signatures, chain and SPF may take: the sender chooses their servers. */
const THEIR_SHARE = 2 / 3

/** Rejects when it is not done in time, and reads no further. Mailauth is loaded when the first message needs it. */
export async function checked(
  body: AsyncIterable<Uint8Array>,
  asked: AuthenticationInput,
): Promise<MailauthResult> {
  const left = nothingLeftOut()
  const time = awakeTime(asked.budget * THEIR_SHARE)
  const keys = earlyKeys(askedWithin(asked.dns, { questions: asked.questions, time }))
  const message = Readable.from(boundedMessage(body, { left, onHeader: keys.header }))
  try {
    return await within(asked.budget, found(message, { left, ask: keys.ask, asked, end: time.end }))
  } finally {
    time.end()
    message.destroy()
  }
}

type MailToAuthenticate = Pick<EarlyKeys, 'ask'> & {
  readonly left: LeftOut
  readonly asked: AuthenticationInput
  /** The time for signatures, chain and SPF ends. */
  readonly end: () => void
}

async function found(
  message: Readable,
  { left, ask, asked, end }: MailToAuthenticate,
): Promise<MailauthResult> {
  const { dns, from, ourName, budget, seal } = asked
  const { authenticate } = await import('mailauth')
  const answer = await authenticate(message, {
    ip: from.address,
    helo: from.helo,
    sender: from.sender,
    mta: ourName,
    resolver: boundedKeys(ask),
    disableBimi: true,
    strict: true,
    ...(seal ? { seal } : {}),
  }).finally(end)
  const one = { ...answer, left }
  const domains = authorDomains(one)
  if (domains === undefined) return { ...one, authors: NO_AUTHOR }
  const { dmarc } = answer
  const already = dmarc === false ? '' : rootless(dmarc.status.header?.from)
  const unanswered = dmarc !== false && dmarc.status.result === 'temperror'
  // What is sealed are mailauth's own words.
  if (domains.every(domain => domain === already) && (!unanswered || seal)) return one
  const authors = await authorResult(domains, passedFor(one), {
    dns,
    budget: budget * (1 - THEIR_SHARE) * 0.9,
  })
  return { ...one, authors }
}

/** There is no author, or none that can be told. */
const NO_AUTHOR: AuthorResult = { domain: '', result: 'permerror', policy: 'none' }

const rootless = (name: unknown): string =>
  typeof name === 'string' ? name.replace(/\.$/, '') : ''
