// The table that a Linux router loads at boot, before Cordon and without it: port 25 is closed for consumers by prefix, and sets
// stand ready for what Cordon decides of single lines. Pure: text from settings.
//
// Each length of prefix that is leased has sets of its own, and a packet's address is cut to that length before it is looked up:
// those are hash sets, where nft need not read everything to add one (sets of intervals do: half a second with 2,000 in them).

import { createHash } from 'node:crypto'
import { formatIp, parsePrefix, type Prefix, prefixMask } from '../../../model/ip.ts'

export type TableSettings = {
  /** Prefixes whose port 25 is closed unless something else is said. */
  readonly consumers: readonly string[]
  /** Of these, those whose port 25 is open and logged (a rollout). */
  readonly watched?: readonly string[]
  /** Servers of the provider's own, always reachable: `nftables[].servers`, nothing by default. */
  readonly servers: readonly string[]
  /** Lengths of the IPv4 prefixes that are leased: `nftables[].prefixLengths4`, 32 by default, each 8 to 32. */
  readonly prefixLengths4: readonly number[]
  /** Lengths of the IPv6 prefixes that are leased: `nftables[].prefixLengths6`, 48, 56, 64, 128 by default, each 8 to 128. */
  readonly prefixLengths6: readonly number[]
  /** Where port 25 is redirected to: `nftables[].redirect25`, same-server by default, same-server or our-server. */
  readonly redirect25: 'same-server' | 'our-server'
  /** Where `our-server` leads: an address, or one of each family, and a port. */
  readonly redirectTo: {
    readonly addresses: readonly string[]
    /** TCP: `nftables[].redirectTo.port`, 587 by default, 1 to 65535. */
    readonly port: number
  }
  /** Where port 80 of an isolated line leads; nowhere without an address. */
  readonly noticePage: {
    readonly addresses: readonly string[]
    /** TCP: `nftables[].noticePage.port`, 80 by default, 1 to 65535. */
    readonly port: number
  }
  /** Ports or ranges such as 137-139 that are closed for consumers both ways: `nftables[].wormPorts`, nothing by default; none when empty. */
  readonly wormPorts: readonly string[]
  /**
   * New sessions an hour that an expert may begin on port 25; more are refused, and their server tries again: `nftables[].expertRate`,
   * 600 by default, 1 to 1,000,000.
   */
  readonly expertRate: number
  /** Group of the log (NFLOG) that ulogd2 listens to: `nftables[].logGroup`, 25 by default, 0 to 65,535. */
  readonly logGroup: number
}

export const TABLE = 'cordon'

/** What Cordon fills, each kind in a set for every length of prefix. */
export const KINDS = ['expert', 'named', 'closed', 'redirect', 'garden'] as const
export type SetKind = (typeof KINDS)[number]

export const setName = (kind: SetKind, { family, bits }: Pick<Prefix, 'family' | 'bits'>): string =>
  `${kind}${family}_${bits}`

type Family = { readonly family: 4 | 6; readonly bits: number }

/** Its only element is the number of the print, so that Cordon sees whether the table that is loaded is the one it would print. */
export const PRINT_SET = 'printed'

export const numberOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8)

/** Of all that is printed but the prefixes of a rollout, which change while Cordon runs. */
export const printNumber = (settings: TableSettings): number =>
  Number.parseInt(numberOf(tableText({ ...settings, watched: [] })), 16)

export function baseTable(settings: TableSettings): string {
  return withRuleNumbers(tableText(settings)).replace(
    `table inet ${TABLE} {\n`,
    found => `${found}  set ${PRINT_SET} {
    type mark
    elements = { ${printNumber(settings)} }
  }
`,
  )
}

/** A rule of a chain, with four spaces before it; what describes the chain or a set is none. */
const RULE = /^ {4}(?!(?:type|size|flags|timeout|elements|auto-merge|#)\b)[^#\s].*$/

/** Beside each rule its number, so that Cordon sees whether it stands: what nft lists is written otherwise than what was loaded. */
function withRuleNumbers(text: string): string {
  return text
    .split('\n')
    .map(line => (RULE.test(line) ? `${line} comment "${numberOf(line.trim())}"` : line))
    .join('\n')
}

function tableText(settings: TableSettings): string {
  const all: Family[] = [
    ...settings.prefixLengths4.map(bits => ({ family: 4, bits }) as const),
    ...settings.prefixLengths6.map(bits => ({ family: 6, bits }) as const),
  ]
  return `#!/usr/sbin/nft -f
# Made by \`cordon router table\`. Load it at boot (nftables.service); Cordon fills the sets that are empty here.
# Without Cordon this stands: consumers reach no port 25 but that of the servers named below.
# By the number beside each rule, and that in the set "printed", Cordon sees whether all of it still stands, and loads what is gone again.
table inet ${TABLE}
delete table inet ${TABLE}
table inet ${TABLE} {
${fixedSet('consumers', settings.consumers)}${fixedSet('servers', settings.servers)}${fixedSet('watched', settings.watched ?? [])}${all.flatMap(one => KINDS.map(kind => emptySet(kind, one))).join('')}${seenSets()}
  chain before {
    type nat hook prerouting priority dstnat; policy accept;
${lines(all.flatMap(one => redirects(one, settings)))}  }

  chain forward {
    type filter hook forward priority filter - 5; policy accept;
    tcp dport 25 jump port25
${lines(worms(settings.wormPorts))}  }

  chain port25 {
    # Before everything else, and for sessions that are open, too: a line that is isolated reaches no port 25 at all.
${lines(all.map(one => `${source(one)} @${setName('closed', one)} jump refuse`))}    ip daddr @servers4 accept
    ip6 daddr @servers6 accept
    # Redirected before it came here; what is left are sessions from before.
${lines(all.map(one => `${source(one)} @${setName('redirect', one)} jump refuse`))}${lines(all.flatMap(one => opened(one, settings)))}    ip saddr @watched4 ct state new ${log('passed', settings)} accept
    ip6 saddr @watched6 ct state new ${log('passed', settings)} accept
    ip saddr @watched4 accept
    ip6 saddr @watched6 accept
    ip saddr @consumers4 jump refuse
    ip6 saddr @consumers6 jump refuse
  }

  chain refuse {
    # Told of each line thirty times a minute at most.
    tcp flags syn / fin,syn,rst,ack update @seen4 { ip saddr limit rate 30/minute burst 30 packets } ${log('refused', settings)}
    tcp flags syn / fin,syn,rst,ack update @seen6 { ip6 saddr & ${mask(6, 64)} limit rate 30/minute burst 30 packets } ${log('refused', settings)}
    # A reset, because ICMP is held back to one a second by most kernels, and waited out by some mail programs.
    reject with tcp reset
  }
}
`
}

/** An expert's port, at the rate that was agreed on; and what the operator named. */
function opened(one: Family, { expertRate }: TableSettings): string[] {
  const from = source(one)
  const burst = Math.max(10, Math.ceil(expertRate / 4))
  const pace = `ct state new update @pace${one.family} { ${from} limit rate over ${expertRate}/hour burst ${burst} packets }`
  return [
    `${from} @${setName('expert', one)} ${pace} reject with tcp reset`,
    `${from} @${setName('expert', one)} accept`,
    `${from} . ${header(one.family)} daddr @${setName('named', one)} accept`,
  ]
}

const lines = (rules: readonly string[]): string => rules.map(rule => `    ${rule}\n`).join('')

function fixedSet(name: string, prefixes: readonly string[]): string {
  return ([4, 6] as const)
    .map(family => {
      const mine = prefixes.filter(text => parsePrefix(text)?.family === family)
      const elements = mine.length === 0 ? '' : `\n    elements = { ${mine.join(', ')} }`
      return `  set ${name}${family} {
    type ${typeOf(family)}
    flags interval
    auto-merge${elements}
  }
`
    })
    .join('')
}

const emptySet = (kind: SetKind, one: Family): string => `  set ${setName(kind, one)} {
    type ${typeOf(one.family)}${kind === 'named' ? ` . ${typeOf(one.family)}` : ''}
    size 1048576
    flags timeout
  }
`

const seenSets = (): string =>
  ([4, 6] as const)
    .map(
      family => `  set seen${family} {
    type ${typeOf(family)}
    size 65536
    flags dynamic,timeout
    timeout 10m
  }
  set pace${family} {
    type ${typeOf(family)}
    size 65536
    flags dynamic,timeout
    timeout 2h
  }
`,
    )
    .join('')

function redirects(one: Family, settings: TableSettings): string[] {
  const { family } = one
  const servers = `${header(family)} daddr != @servers${family}`
  const redirected = `tcp dport 25 ${source(one)} @${setName('redirect', one)} ${servers}`
  const ours = ofFamily(settings.redirectTo.addresses, family)
  const page = ofFamily(settings.noticePage.addresses, family)
  const to = (address: string, port: number) =>
    family === 4 ? `dnat ip to ${address}:${port}` : `dnat ip6 to [${address}]:${port}`
  const target =
    settings.redirect25 === 'same-server'
      ? 'dnat to :587'
      : ours && to(ours, settings.redirectTo.port)
  return [
    ...(target ? [`${redirected} ${log('redirected', settings)} ${target}`] : []),
    ...(page
      ? [
          `tcp dport 80 ${source(one)} @${setName('garden', one)} ${servers} ${to(page, settings.noticePage.port)}`,
        ]
      : []),
  ]
}

function worms(ports: readonly string[]): string[] {
  if (ports.length === 0) return []
  const set = `{ ${ports.join(', ')} }`
  return [4, 6].flatMap(family =>
    ['saddr', 'daddr'].map(
      side =>
        `meta l4proto { tcp, udp } th dport ${set} ${family === 4 ? 'ip' : 'ip6'} ${side} @consumers${family} reject with icmpx admin-prohibited`,
    ),
  )
}

const log = (what: string, { logGroup }: TableSettings): string =>
  // Told at once: the kernel would collect for a second.
  `log prefix "cordon ${what} " group ${logGroup} queue-threshold 1`

const header = (family: 4 | 6): string => (family === 4 ? 'ip' : 'ip6')
const typeOf = (family: 4 | 6): string => (family === 4 ? 'ipv4_addr' : 'ipv6_addr')
const mask = (family: 4 | 6, bits: number): string => formatIp(prefixMask(family, bits))

/** Where a packet comes from, cut to a length. */
function source({ family, bits }: Family): string {
  const address = `${header(family)} saddr`
  return bits === (family === 4 ? 32 : 128) ? address : `${address} & ${mask(family, bits)}`
}

const ofFamily = (addresses: readonly string[], family: 4 | 6): string | undefined =>
  addresses.find(address => address.includes(':') === (family === 6))
