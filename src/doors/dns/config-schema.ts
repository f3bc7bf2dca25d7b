// What the configuration may say of the list that others ask over the DNS.

import { z } from 'zod'
import { anyRealm, address, count, dnsPort, domain, folder, prefix } from '../../config/fields.ts'

/** RFC 1035 §4.2.1: with more of them an answer does not fit into 512 octets. */
const MAX_SERVERS = 8
const MAX_RANGES = 10_000

export const dnsSchema = {
  list: z
    .strictObject({
      zone: domain.describe(
        'Zone of the list, such as dnsbl.example.org; its parts are infected.ZONE, consumers.ZONE and domains.ZONE',
      ),
      address: address.default('127.0.0.1').describe('Address to listen on'),
      port: dnsPort.default(10_053).describe('UDP and TCP port to listen on'),
      clients: z
        .array(prefix)
        .default(['127.0.0.0/8', '::1/128'])
        .describe(
          'Networks that may ask; others are refused (REFUSED). 0.0.0.0/0 and ::/0 make the list public',
        ),
      realm: anyRealm.default('main').describe('Address space that the list is about'),
      privateAddresses: z
        .boolean()
        .default(false)
        .describe(
          'Whether private addresses are listed, too. Only if all clients of the list are in the same network: elsewhere the same address is another machine',
        ),
      ttl: count(60, 60).describe('Seconds that an answer may be kept, also "not listed"'),
      nameServers: z
        .array(domain)
        .max(MAX_SERVERS, { error: `Write at most ${MAX_SERVERS} names` })
        .default([])
        .describe('Names of the servers of the zone (NS), outside of it; `hostname` when empty'),
      perSecond: count(1000, 10_000_000).describe(
        'Answers over UDP in a second to one client that `clients` names, or to one network (IPv4 /24, IPv6 /56) of a wider one there; of further answers every second one is truncated, so that a real client asks over TCP, and the others are not sent',
      ),
      consumers: z
        .array(prefix)
        .max(MAX_RANGES, { error: `Write at most ${MAX_RANGES} prefixes` })
        .default([])
        .describe(
          'Ranges of your consumers for consumers.ZONE, as a provider reports them to a policy block list; lines with an open port 25 are left out automatically',
        ),
      domains: z
        .array(domain)
        .max(MAX_RANGES, { error: `Write at most ${MAX_RANGES} domains` })
        .default([])
        .describe(
          'Rogue domains for domains.ZONE, in addition to domains whose SPF Cordon found too wide',
        ),
      exports: folder
        .optional()
        .describe(
          'Folder for the list as files: for rbldnsd, as RPZ, as sets of nftables, and as JSON; none without it',
        ),
    })
    .refine(({ zone, nameServers }) => !nameServers.some(name => isIn(zone, name)), {
      error:
        'Write names of servers outside the zone: nothing says what addresses those in it have',
      path: ['nameServers'],
    })
    .optional()
    .describe('List of infected addresses for other mail servers, over the DNS; off without it'),
}

const isIn = (zone: string, name: string): boolean => name === zone || name.endsWith(`.${zone}`)
