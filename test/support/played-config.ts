// The network that sequences are played in: customers, addresses, access servers, and the configuration of Cordon in it.

import { HOUR, MINUTE } from '../../src/model/duration.ts'
import { SECRET } from './access-server.ts'
import type { Ports } from './played-network.ts'

/** A user that is no customer. */
export const STRANGER = 'fremd1'
export const CUSTOMERS = Array.from({ length: 8 }, (_, i) => `kd${i + 1}`)
export const SHARED = '192.0.2.64'
export const PORTS_EACH = 8000
export const FIRST_PORT = 1024
/** The same numbers inside the address space `west` and outside of it. */
const BOTH = ['100.64.0.1', '100.64.0.2']
export const MAIN4 = [...Array.from({ length: 6 }, (_, i) => `198.51.100.${64 + i}`), ...BOTH]
export const MAIN6 = Array.from({ length: 6 }, (_, i) => `2001:db8:1a0${i}::/56`)
/** A prefix with another customer's in it. */
export const INNER = '2001:db8:1a03::/56'
export const WIDE = '2001:db8:1a03::/48'
export const WEST4 = [...BOTH, '100.64.0.3', '100.64.0.4']
/** How far the clocks of the access servers are behind; one puts no stamps on what it tells. */
export const CLOCKS = [0, 5 * MINUTE, -5 * MINUTE, Date.UTC(2026, 0, 1) - 1000, undefined]
export const WEST_BEHIND = HOUR
/** Two clients, each with sessions of its own, that both say to be this one. */
export const TWICE = '192.0.2.250'
export const TWICE_FROM = ['127.0.1.6', '127.0.1.7']
/** An access server that changes sessions on request, in a realm without a router. */
export const COA4 = ['100.96.0.1', '100.96.0.2', '100.96.0.3']
export const COA_FROM = '127.0.1.8'
export const COA_BEHIND = 2 * MINUTE

export const PLAYED = [...MAIN4, ...MAIN6, WIDE, SHARED]

export const config = (command: string, { radius, log, coa }: Ports): string => `
hostname: mail.isp.example
domains: [isp.example]
http: { console: { port: 0 }, portal: { port: 0 } }
radius:
  address: 127.0.0.1
  port: ${radius}
  clients:
${CLOCKS.map((_, i) => `    - { address: 127.0.1.${i + 1}, secret: ${SECRET} }`).join('\n')}
${TWICE_FROM.map(from => `    - { address: ${from}, secret: ${SECRET} }`).join('\n')}
    - { address: ${COA_FROM}, secret: ${SECRET}, realm: coa }
    - { address: 127.0.1.9, secret: ${SECRET}, realm: west }
radiusCoa:
  - realm: coa
    servers: [{ nas: bngc, address: ${COA_FROM}, port: ${coa}, secret: ${SECRET} }]
    isolated: [{ attribute: 11, value: closed }]
    redirected: [{ attribute: 11, value: redirected }]
    open: [{ attribute: 11, value: open }]
    default: [{ attribute: 11, value: default }]
sharedAddresses: [{ insideRealm: west, inside: 100.64.0.0/29, outside: [${SHARED}/32], portsEach: ${PORTS_EACH} }]
firewallLog: { port: ${log}, antiSpoofed: true }
nftables:
  - command: ["${command}"]
    consumers: [198.51.100.0/24, 100.64.0.0/28, 192.0.2.64/31, "2001:db8:1a00::/40"]
    servers: [203.0.113.200, "2001:db8:f::200"]
subscribers: [${CUSTOMERS.map(id => `{ id: ${id} }`).join(', ')}]
`
