// Reports to other networks that would not go where they are meant to: everything is a network of others, a contact is ourselves, or of two
// contacts of one network the second never hears.

import { parsePrefix } from '../model/ip.ts'
import { domainOf } from '../model/mail-address.ts'
import type { Config } from './schema.ts'

/** A line each. */
export function doubtfulReports({ feedback: { reports }, domains }: Config): readonly string[] {
  const seen = new Map<string, string>()
  return reports.flatMap(({ networks, contact }, i) => {
    const where = `feedback.reports #${i + 1}`
    const said: string[] = []
    if (domains.includes(domainOf(contact).toLowerCase()))
      said.push(
        `${where}: ${contact} is an address here: what Cordon reports to it comes back as a complaint; name the contact of the other network`,
      )
    for (const network of networks) {
      if (parsePrefix(network)?.bits === 0)
        said.push(
          `${where}: ${network} is the whole Internet: ${contact} is told of each machine that no other contact is named for, and learns which addresses are traps`,
        )
      const before = seen.get(network)
      if (before === undefined) seen.set(network, contact)
      else if (before !== contact)
        said.push(
          `${where}: ${network} has ${before} as its contact above: ${contact} is told nothing of it`,
        )
    }
    return said
  })
}
