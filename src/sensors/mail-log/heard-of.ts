// What a log says of a message, in the words of the engine.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { HeardAnswer, HeardMail } from '../../model/heard-mail.ts'
import type { LoggedAnswer, LoggedMail } from '../../model/logged-mail.ts'
import { domainOf, loginAddress } from '../../model/mail-address.ts'

export type LogSetup = {
  readonly realm: string
  /** Appended to logins that have none. */
  readonly domain: string
  /** Doors count at RCPT, where a message has no name yet: of it only results are wanted. */
  readonly resultsOnly: boolean
}

/** Undefined: its sender is no login and no line, as of a stranger's mail to people of that server, or of a local user. */
export function heardMail(
  { id, at, who, address, sender, recipients, size, answers }: LoggedMail,
  zoneKnown: boolean,
  { realm, domain, resultsOnly }: LogSetup,
): HeardMail | undefined {
  if (address === undefined || (who.kind !== 'login' && who.kind !== 'address')) return undefined
  if (who.kind === 'address' && answers.every(({ local }) => local)) return undefined
  return {
    id,
    at,
    zoneKnown,
    listener: who.kind === 'login' ? 'submission' : 'trusted-network',
    realm,
    address,
    sender,
    recipients: answers.map(({ recipient }) => recipient),
    recipientCount: recipients,
    ...(who.kind === 'login' ? { login: loginAddress(who.name, domain) } : {}),
    ...(size === undefined ? {} : { size }),
    ...(resultsOnly ? { resultsOnly: true as const } : {}),
  }
}

/** Undefined of one that is not the last word. */
export function heardAnswer(answer: LoggedAnswer, at: number): HeardAnswer | undefined {
  const { recipient, outcome, local, relay = '', result = 'other', code = 550, words = '' } = answer
  if (outcome === 'deferred') return undefined
  const isOwnExchanger =
    local ||
    (relay !== '' &&
      organisationalDomain(relay) === organisationalDomain(domainOf(recipient).toLowerCase()))
  const about = { recipient, at, relay: relay === '' ? 'its own server' : relay, isOwnExchanger }
  if (outcome === 'sent') return about
  return { ...about, refused: { result, code, words: withoutNames(words) } }
}

/** Other servers like to repeat the recipients; journal and log shall not. */
const withoutNames = (text: string) => text.replace(/[^\s<>"'(),:;[\]]+@(?=[\w.-])/g, '…@')
