// Whether a server would send mail of a stranger to a stranger. No message follows: a recipient in a domain that is for examples (RFC 2606 §3), and the
// transaction is reset. And whether the server may be asked: that is a probe as spammers make it, and its operator must want it.

import { relayForms } from '../../../drivers/lookups/relay-probe.ts'
import type { Talk } from '../../../drivers/lookups/smtp-conversation.ts'
import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import { wordsOf } from '../../../model/errors.ts'
import { contains, parseIp, type Prefix } from '../../../model/ip.ts'
import type { Resolver } from '../../../ports/resolver.ts'
import type { RelayAnswer, ReverseName } from '../record.ts'
import { shortened } from './shortened.ts'

const SENDER = 'relay-test@example.net'
const RECIPIENT = 'relay-test@example.org'
/** What the text at _cordon-audit.DOMAIN is to be. */
export const TOKEN = 'relay-test'

/** Asks on a connection that has greeted. */
export async function relayTest(talk: Talk, address: string): Promise<RelayAnswer> {
  try {
    let isRefused = false
    let otherNo: string | undefined
    let later: string | undefined
    for (const asked of questions(address)) {
      const replies: string[] = []
      for (const command of asked) {
        replies.push(await talk(command))
        if (!replies.at(-1)?.startsWith('2')) break
      }
      await talk('RSET')
      const last = replies.at(-1) ?? ''
      if (last.startsWith('2')) return { kind: 'open', words: asked.join(', ') }
      if (isRelayRefusal(last)) isRefused = true
      else if (last.startsWith('5')) otherNo ??= last
      else later ??= last
    }
    // A "no" for another reason alone is no answer: to a sender and a recipient that exist it may be "yes".
    return isRefused && later === undefined
      ? { kind: 'closed' }
      : {
          kind: 'unknown',
          words: `the relay test is answered "${shortened(later ?? otherNo ?? '')}"`,
        }
  } catch (error) {
    return { kind: 'unknown', words: `the relay test: ${wordsOf(error)}` }
  }
}

/** Odd forms with one sender alone: Exim hangs up at the fourth that it cannot read. */
const questions = (address: string): readonly (readonly string[])[] => [
  ...relayForms(RECIPIENT, address).map(recipient => [
    `MAIL FROM:<${SENDER}>`,
    `RCPT TO:<${recipient}>`,
  ]),
  ['MAIL FROM:<>', `RCPT TO:<${RECIPIENT}>`],
]

/**
 * That it relays for no stranger, in the words of the servers: Postfix ("Relay access denied", as shipped with 454, which is never taken either), Exim
 * ("relay not permitted"), Sendmail ("Relaying denied"), Exchange ("Unable to relay"), qmail (rcpthosts), OpenSMTPD ("Invalid recipient"), and those that
 * want a login first. Our names are for examples and take no mail, and our address may be on a list: such a "no" says nothing of relaying.
 */
const isRelayRefusal = (answer: string): boolean =>
  /^(?:5|454[ -]4\.7\.1 )/.test(answer) &&
  (answer.startsWith('530') || WORDS.some(words => words.test(answer)))

const WORDS: readonly RegExp[] = [
  /\brelay(?:ing)?\b.{0,40}\b(?:denied|not|prohibited|forbidden|disabled|refused)\b/i,
  /\b(?:not|unable|cannot|no|never|refuse)\b.{0,40}\brelay(?:ing)?\b/i,
  /\bauthentication (?:is )?required\b/i,
  /\brcpthosts\b/i,
  /\binvalid recipient\b/i,
]

export type RelayTarget = {
  readonly host: string
  readonly addresses: readonly string[]
  readonly reverse: readonly ReverseName[]
}

/**
 * Why the test is not made at these addresses; undefined where it may be. The holder of a domain can give a name in it the address of another, so the holder of the
 * address must call it by a name of the domain that has the token.
 */
export async function relayForbidden(
  { host, addresses, reverse }: RelayTarget,
  ownNetworks: readonly Prefix[],
  resolver: Pick<Resolver, 'texts'>,
): Promise<string | undefined> {
  const foreign = addresses.filter(address => !isOwn(address, ownNetworks))
  if (foreign.length === 0) return undefined
  const domain = organisationalDomain(host)
  const name = `_cordon-audit.${domain}`
  const texts = await resolver.texts(name)
  if ('failed' in texts)
    return `the relay test needs a token, and ${name} is not known: ${texts.failed}`
  if (!texts.value.some(text => text.trim() === TOKEN))
    return `the relay test is made on your own networks only, or where its operator asks for it: ${name}. TXT "${TOKEN}"`
  const unnamed = foreign.find(
    address =>
      !reverse.some(
        one =>
          one.address === address &&
          one.confirmed.some(confirmed => organisationalDomain(confirmed) === domain),
      ),
  )
  if (unnamed === undefined) return undefined
  return `the relay test is not made: there is a token of ${domain}, and ${unnamed} has no name in ${domain} that leads back to it`
}

function isOwn(address: string, ownNetworks: readonly Prefix[]): boolean {
  const ip = parseIp(address)
  return ip !== undefined && ownNetworks.some(one => contains(one, ip))
}
