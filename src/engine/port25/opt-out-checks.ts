// The checks before an opt-out opens port 25: the second factor, where they sit, their server, and the names they
// gave. Every refusal says why, and what next.

import { parseIp } from '../../model/ip.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { RefusalWhy, Refused } from '../../model/order.ts'
import type { Client } from '../../model/step.ts'
import type { Leases } from '../../ports/leases.ts'
import type { RelayProbe } from '../../ports/relay-probe.ts'
import type { Failure, Resolver } from '../../ports/resolver.ts'
import type { SecondFactors } from '../../ports/second-factor.ts'
import { refused } from '../orders/outcome.ts'

export type CheckParts = {
  readonly leases: Pick<Leases, 'holder'>
  readonly factors: SecondFactors
  readonly resolver: Pick<Resolver, 'addresses' | 'names'>
  readonly relayProbe: RelayProbe
}

/** Where customers cannot have their port 25 opened. */
export const noOptOuts: Refused = refused('Nothing of this kind can be done here.')

/** Nothing is said when it is right. */
export async function checkFactor(
  { factors }: Pick<CheckParts, 'factors'>,
  subscriber: string,
  code: string,
  typed: { readonly at: number; readonly where: 'own' | 'elsewhere' },
): Promise<Refused | undefined> {
  if (!factors.has(subscriber))
    return refused(
      'Please set up a second factor first: whoever knows your password alone must not open your port.',
      'no-factor',
    )
  const answer = await factors.check(subscriber, code, typed)
  if (answer === 'wait')
    return refused('Too many wrong codes. Please wait a quarter of an hour.', 'codes-wait')
  return answer === 'right'
    ? undefined
    : refused(
        'The code of your second factor is not right, or was used already. Wait for the next one.',
        'wrong-code',
      )
}

/** A stolen password opens no port from afar. */
export function fromElsewhere(
  { leases }: Pick<CheckParts, 'leases'>,
  subscriber: string,
  { realm, address, port }: Client,
): Refused | undefined {
  const holder = leases.holder(realm, address, port)
  if (holder.sure === 'certain' && holder.subscriber === subscriber) return undefined
  return refused(
    `Please do this from your own connection: you come from ${address}, which ${holder.sure === 'ambiguous' ? 'you share with others' : 'is not yours as far as we know'}. With a VPN or a mobile network, switch it off for this step.`,
    'elsewhere',
  )
}

export type Checked =
  | { readonly found: Partial<OptOut> }
  | { readonly why: string; readonly code: RefusalWhy }

/** Its name leads to the line, and it sends no mail on for strangers. */
export async function checkServer(
  parts: CheckParts,
  { subscriber, server }: OptOut,
): Promise<Checked> {
  const name = server?.name ?? ''
  const known = await parts.resolver.addresses(name)
  if ('failed' in known) return notFound(name, known.failed)
  const address = known.value.find(one => {
    const holder = parts.leases.holder('main', one, undefined)
    return holder.sure === 'certain' && holder.subscriber === subscriber
  })
  if (address === undefined)
    return {
      why: `${name} ${known.value.length === 0 ? 'has no address' : `leads to ${known.value.join(', ')}, not to your connection`}. Set its address in your domain, wait until that is known, and confirm again.`,
      code: 'server-name',
    }
  const probed = await parts.relayProbe.probe(address)
  if (probed.kind === 'open')
    return {
      why: `Your server at ${address} sends mail on for strangers (it took ${probed.words}): spammers find that within hours. Let it take mail for your own domains only, and confirm again.`,
      code: 'server-open',
    }
  if (probed.kind === 'unclear')
    return {
      why: `Your server at ${address} broke off when we looked at it (${probed.words}). Please confirm again when it answers.`,
      code: 'server-silent',
    }
  const reverse = await parts.resolver.names(address)
  const right = 'value' in reverse && reverse.value.includes(name)
  return { found: { server: { name, address }, reverseDns: right ? 'right' : 'wanted' } }
}

/** Names become the addresses they have now; a chore looks again. */
export async function resolveAll(
  { resolver }: Pick<CheckParts, 'resolver'>,
  { destinations }: Pick<OptOut, 'destinations'>,
): Promise<Checked> {
  const addresses: string[] = []
  for (const destination of destinations) {
    if (parseIp(destination) !== undefined) {
      addresses.push(destination)
      continue
    }
    const answer = await resolver.addresses(destination)
    if ('failed' in answer) return notFound(destination, answer.failed)
    if (answer.value.length === 0)
      return { why: `${destination} has no address. Is it written right?`, code: 'no-such-name' }
    addresses.push(...answer.value.slice(0, MAX_EACH))
  }
  return { found: { addresses } }
}

const notFound = (name: string, failed: Failure): Extract<Checked, { why: string }> =>
  failed === 'bad-name'
    ? {
        why: `${name} is not a name that a server can have. Is it written right?`,
        code: 'no-such-name',
      }
    : {
        why: `We cannot look up ${name} just now. Please try again in some minutes.`,
        code: 'not-now',
      }

/** Addresses of one name that are opened. */
const MAX_EACH = 8
