// Whether the server that alarms are handed to takes mail to the operator: a RCPT TO at `mailboxStore` or the route of its domain, and no message.

import type { Config } from '../../../config/schema.ts'
import { probeAddress, type ProbedAddress } from '../../../drivers/delivery/address-probe.ts'
import { hopOf } from '../../../drivers/delivery/hop-of.ts'
import type { Hop } from '../../../drivers/delivery/hop.ts'
import { domainOf } from '../../../model/mail-address.ts'
import type { Check } from '../../check.ts'

type OperatorSettings = Pick<Config, 'alarms' | 'hostname' | 'domains' | 'mailboxStore' | 'routes'>

/** Nothing of an address whose mail goes to a mailbox of Cordon's own, or by the MX of a stranger. */
export async function operatorChecked(config: OperatorSettings): Promise<readonly Check[]> {
  const { alarms, hostname, domains } = config
  const sender = `abuse-desk@${domains[0] ?? hostname}`
  const all = alarms.mail.map(async (address): Promise<readonly Check[]> => {
    const hop = hopTo(address, config)
    if (hop === undefined) return []
    return [checked(address, hop, await probeAddress(hop, address, { ourName: hostname, sender }))]
  })
  return (await Promise.all(all)).flat()
}

/** As src/drivers/delivery/routes.ts has it, without the DNS. */
function hopTo(
  address: string,
  { domains, mailboxStore, routes }: OperatorSettings,
): Hop | undefined {
  const domain = domainOf(address)
  const own = Object.hasOwn(routes, domain) ? routes[domain] : undefined
  const written = own ?? (domains.includes(domain) ? mailboxStore : routes['*'])
  return written && hopOf(written)
}

function checked(address: string, hop: Hop, { answer, words }: ProbedAddress): Check {
  const what = `alarms to ${address}`
  const place = hop.socket ?? `${hop.host}:${hop.port}`
  if (answer === 'taken') return { what, state: 'good', said: `${place} would take them` }
  if (answer === 'unclear') return { what, state: 'unknown', said: `${place}: ${words}` }
  return {
    what,
    state: 'missing',
    said: `${place} refuses the address (${words}): no alarm and no digest arrives`,
    write: 'make that mailbox or alias there, or write another address: alarms: { mail: […] }',
  }
}
