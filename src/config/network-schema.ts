// The access network: who has which address, who tells, and which routers do something about it.

import { z } from 'zod'
import { whoSchema } from './who-schema.ts'
import { isDomain } from '../model/mail-address.ts'
import {
  address,
  duration,
  hostOrAddress,
  mailAddress,
  port,
  prefix,
  text,
  httpsAddress,
} from './fields.ts'

const length = (most: number) =>
  z
    .int({ error: `Write a length of prefix, 8 to ${most}` })
    .min(8)
    .max(most)

const nftables = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .default('nftables')
      .describe('What it is called in logs and on screens'),
    command: z
      .array(z.string())
      .min(1)
      .default(['nft'])
      .describe('Program and arguments that are nft there, such as [ssh, root@edge1, nft]'),
    realm: z.string().default('main').describe('Address space of the addresses this router sees'),
    consumers: z
      .array(prefix)
      .default([])
      .describe('Prefixes whose port 25 is closed unless something else is said'),
    servers: z
      .array(prefix)
      .default([])
      .describe(
        'Mail servers of yours: their port 25 stays open for everybody, and is never turned round',
      ),
    lengths4: z.array(length(32)).default([32]).describe('Lengths of the IPv4 prefixes you lease'),
    lengths6: z
      .array(length(128))
      .default([48, 56, 64, 128])
      .describe('Lengths of the IPv6 prefixes you lease'),
    turnRound: z
      .enum(['same-server', 'our-server'])
      .default('same-server')
      .describe(
        'Where port 25 of a suspect leads: to port 587 of the server they wanted, or to the listener named in turnedTo',
      ),
    turnedTo: z
      .strictObject({
        addresses: z.array(address).default([]).describe('One for IPv4, one for IPv6'),
        port: port.default(587).describe('Port of the turned-round listener'),
      })
      .prefault({})
      .describe('With our-server: our listener of kind turned-round'),
    noticePage: z
      .strictObject({
        addresses: z.array(address).default([]).describe('One for IPv4, one for IPv6'),
        port: port.default(80).describe('Port of the page'),
      })
      .prefault({})
      .describe('Where port 80 of an isolated line leads; nowhere without an address'),
    wormPorts: z
      .array(
        z.coerce.string().refine(value => /^\d{1,5}(?:-\d{1,5})?$/.test(value), {
          error: 'Write a port or a range, such as 445 or 137-139',
        }),
      )
      .default([])
      .describe('Ports that are closed for consumers, both ways'),
    expertRate: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(600)
      .describe(
        'New sessions an hour on port 25 from one line whose port is open; the customer agrees to it, and more are refused for a while',
      ),
    logGroup: z
      .int()
      .min(0)
      .max(65_535)
      .default(25)
      .describe('Group of the log (NFLOG) for ulogd2'),
  })
  .refine(given => given.turnRound === 'same-server' || given.turnedTo.addresses.length > 0, {
    path: ['turnedTo', 'addresses'],
    error: 'Write the addresses of your turned-round listener',
  })

const signed = {
  url: httpsAddress.describe('Gets every change as JSON and answers 2xx'),
  secret: text(
    'Write a secret of sixteen characters or more',
    value => value.length >= 16,
  ).describe('What its signature is made with; sixteen characters or more'),
}

const webhook = z.strictObject({
  name: z.string().min(1).default('webhook').describe('What it is called in logs and on screens'),
  ...signed,
  realm: z.string().default('main').describe('Address space of the leases'),
})

const attributes = z
  .array(
    z.strictObject({
      attribute: z.coerce
        .string()
        .refine(value => /^\d{1,3}$|^\d{1,8}\.\d{1,3}$/.test(value), {
          error:
            'Write the number of an attribute, such as 11 (Filter-Id), or VENDOR.NUMBER, such as 14988.19',
        })
        .describe('Its number, such as 11 for Filter-Id; of a vendor VENDOR.NUMBER, in quotes'),
      value: z.string().describe('Its text'),
    }),
  )
  .default([])

const radiusCoa = z.strictObject({
  name: z
    .string()
    .min(1)
    .default('radius-coa')
    .describe('What it is called in logs and on screens'),
  realm: z.string().default('main').describe('Address space of the leases'),
  servers: z
    .array(
      z.strictObject({
        nas: z.string().describe('Its NAS-IP-Address or NAS-Identifier, as accounting tells it'),
        address: address.describe('Where it takes requests'),
        port: port.default(3799).describe('Port (UDP)'),
        secret: z.string().min(1).describe('Shared secret'),
      }),
    )
    .describe('The access servers'),
  perSecond: z.int().min(1).max(1000).default(20).describe('Requests to one of them'),
  disconnect: z
    .array(z.enum(['isolated', 'turned-round', 'open', 'normal']))
    .default([])
    .describe(
      'States for which a session is ended instead (Disconnect): it gets what it is to be given from your RADIUS server when it comes again',
    ),
  isolated: attributes.describe('What an isolated session is given'),
  turnedRound: attributes.describe('What one is given whose port 25 is turned round'),
  open: attributes.describe('What an expert’s session is given'),
  normal: attributes.describe('What a session is given when nothing is decided any more'),
})

const radius = z.strictObject({
  address: address.default('0.0.0.0').describe('Address to listen on'),
  port: port.default(1813).describe('Port (UDP)'),
  clients: z
    .array(
      z.strictObject({
        address: address.describe('Address of the access server, or of the proxy in front'),
        secret: z.string().min(1).describe('Shared secret'),
      }),
    )
    .describe('Who may tell us'),
  answer: z
    .boolean()
    .default(true)
    .describe('false: somebody else answers the access servers, and we get a copy'),
  realm: z.string().default('main').describe('Address space of the addresses told'),
  subscriber: z
    .enum(['user-name', 'class', 'calling-station-id'])
    .default('user-name')
    .describe('Which attribute names the customer: by number, or by a login'),
  interim: duration('10m').describe(
    'How often access servers send updates; 0s when they do not. After two and a half of them without one a lease is over, unless its whole server is silent',
  ),
})

const flows = z
  .strictObject({
    address: address.default('0.0.0.0').describe('Address to listen on'),
    port: port.default(2055).describe('Port (UDP) for NetFlow 5, NetFlow 9 and IPFIX'),
    exporters: z.array(address).min(1).describe('Routers that may send'),
    networks: z
      .array(prefix)
      .default([])
      .describe('Prefixes of your own lines; the consumers of `nftables` without it'),
    servers: z
      .array(prefix)
      .default([])
      .describe(
        'Your own mail servers, and other places everybody goes; those of `nftables` without it',
      ),
    realm: z.string().default('main').describe('Address space of the addresses in it'),
    antiSpoofed: z
      .boolean()
      .default(false)
      .describe(
        'The network drops packets with foreign source addresses (BCP 38); without it flow records are no evidence',
      ),
    port25: z
      .enum(['open', 'closed'])
      .default('open')
      .describe('closed: port 25 is closed behind the exporter, so what has no answer was refused'),
    contacts: z
      .array(z.string())
      .default([])
      .describe(
        'Files with addresses that command infected machines, as abuse.ch (JSON, CSV) and Spamhaus DROP publish them; read again when they change',
      ),
  })
  .optional()
  .describe('Takes flow records: who goes where, scans, command and control, floods')

const decoys = z
  .strictObject({
    addresses: z
      .array(address)
      .min(1)
      .describe('Unused addresses of yours that lead to this machine'),
    port: port.default(25).describe('Port'),
    name: text('Write a host name', isDomain)
      .default('mx.invalid')
      .describe('What they call themselves; nothing that names you'),
    realm: z.string().default('main').describe('Address space of those who come'),
  })
  .optional()
  .describe('SMTP servers on unused addresses: they take everything, deliver nothing, and tell')

export const networkSchema = {
  ...whoSchema,
  flows,
  decoys,
  rollout: z
    .strictObject({
      parts: z
        .array(
          z.strictObject({
            name: z.string().min(1).describe('What it is called'),
            prefixes: z.array(prefix).min(1).describe('Part of the consumers of `nftables`'),
            date: text(
              'Write a date, such as 2026-12-15',
              value => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)),
            ).describe('From then on it may be closed; customers are told'),
          }),
        )
        .default([])
        .describe('Until a part is started its port 25 is open, and only told of'),
    })
    .prefault({})
    .describe('Closing port 25 for a network that has it open, in parts'),
  optOut: z
    .strictObject({
      hook: z
        .strictObject(signed)
        .optional()
        .describe(
          'Told when a port is opened or closed on a customer’s wish (billing), and whose reverse DNS is to be set',
        ),
    })
    .prefault({})
    .describe('Port 25 on a customer’s own wish, in the portal'),
  traps: z
    .array(mailAddress)
    .default([])
    .describe(
      'Mail addresses that nobody was ever given: one of your customers who writes to two as to a list sends spam; else it may be an outsider’s doing. Those of your domains are mailboxes, too',
    ),
  firewallLog: z
    .strictObject({
      address: address.default('127.0.0.1').describe('Address to listen on'),
      port: port.describe('Port to listen on'),
      sources: z.array(address).default(['127.0.0.1']).describe('Routers that may connect'),
      realm: z.string().default('main').describe('Address space of the addresses in it'),
      antiSpoofed: z
        .boolean()
        .default(false)
        .describe('The network drops packets with foreign source addresses (BCP 38)'),
    })
    .optional()
    .describe('Takes the router’s log (ulogd2, JSON over TCP): who knocks at closed ports'),
  accessRouters: z
    .array(
      z.strictObject({
        host: hostOrAddress.describe('Host name or address'),
        port: port.describe('Port of its control connection'),
      }),
    )
    .default([])
    .describe('Routers that are told which line is closed, open or turned round'),
  radius: radius
    .optional()
    .describe('Takes RADIUS accounting: who has which address, as the access servers know it'),
  kea: z
    .strictObject({
      files: z
        .array(z.string())
        .min(1)
        .describe('Its lease files, such as /var/lib/kea/kea-leases4.csv and kea-leases6.csv'),
      customers: z
        .string()
        .describe(
          'CSV of KEY,CUSTOMER: circuit or remote id (option 82), client id, DUID or hardware address, as Kea writes them; read again when it changes',
        ),
      realm: z.string().default('main').describe('Address space of the addresses in them'),
    })
    .optional()
    .describe('Leases of the DHCP server Kea, from its lease files (memfile)'),
  radiusCoa: z
    .array(radiusCoa)
    .default([])
    .describe('Access servers that change a session when they are told (RADIUS CoA)'),
  webhooks: z
    .array(webhook)
    .default([])
    .describe('Addresses that are told of every change on the network, for routers with no driver'),
  nftables: z
    .array(nftables)
    .default([])
    .describe('Linux routers whose sets Cordon fills; `cordon router table` prints what they load'),
  leaseSkew: duration('2s').describe(
    'Clocks of access servers and ours may differ by so much: what happened so close to a change of hands is nobody’s for certain',
  ),
  leaseHistory: duration('30d').describe('Past leases are kept so long, for `cordon who`'),
}
