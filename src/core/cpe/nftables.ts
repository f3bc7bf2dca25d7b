// A modem's profile as a plain nftables table, for any Linux box. Pure.

import {
  CPE,
  type CpeProfile,
  type CpeSettings,
  MARK,
  type ProfileName,
  serversOf,
} from './profile.ts'

export function cpeNftables(name: ProfileName, settings: CpeSettings): string {
  const profile = CPE[name]
  const { lan, wan } = settings
  return `#!/usr/sbin/nft -f
# ${MARK}
# Profile ${name}. IPv4 and IPv6 alike, but for the translation of IPv4 addresses.
table inet cordon_cpe
delete table inet cordon_cpe
table inet cordon_cpe {
${addressSet('servers4', 'ipv4_addr', serversOf(settings, 4))}${addressSet('servers6', 'ipv6_addr', serversOf(settings, 6))}
  chain forward {
    type filter hook forward priority filter; policy ${profile.inboundClosed ? 'drop' : 'accept'};
    # Before what is open already: a session must not outlive a change of profile.
    iifname "${lan}" oifname "${wan}" jump outward
    iifname "${wan}" oifname "${lan}" jump inward
    ct state established,related accept
    iifname "${lan}" accept
  }

  chain outward {
${lines(outward(profile))}  }

  chain inward {
${lines(inward(profile))}  }

  chain input {
    type filter hook input priority filter; policy accept;
${lines(input(profile, wan))}  }
${profile.nat ? translation(settings) : ''}}
`
}

const lines = (rules: readonly string[]): string => rules.map(rule => `    ${rule}\n`).join('')

const addressSet = (
  name: string,
  type: string,
  elements: readonly string[],
): string => `  set ${name} {
    type ${type}
    flags interval${elements.length === 0 ? '' : `\n    elements = { ${elements.join(', ')} }`}
  }
`

const worms = ({ wormPorts }: CpeProfile): string[] =>
  wormPorts.length === 0 ? [] : [`meta l4proto { tcp, udp } th dport { ${wormPorts.join(', ')} }`]

function outward(profile: CpeProfile): string[] {
  const { mailPort } = profile
  return [
    ...worms(profile).map(match => `${match} reject with icmpx admin-prohibited`),
    ...(mailPort === undefined
      ? []
      : [
          `tcp dport ${mailPort} ip daddr @servers4 accept`,
          `tcp dport ${mailPort} ip6 daddr @servers6 accept`,
          // A reset, so that a mail program says so at once.
          `tcp dport ${mailPort} reject with tcp reset`,
        ]),
  ]
}

function inward(profile: CpeProfile): string[] {
  const { openable, inboundClosed } = profile
  if (!inboundClosed) return []
  return [
    ...worms(profile).map(match => `${match} drop`),
    'ct state established,related accept',
    // Ports that a program inside has opened: only those of the range, with no port that mail uses, whatever the program asked for.
    ...(openable === undefined
      ? []
      : [
          `ct status dnat meta l4proto { tcp, udp } ct original proto-dst ${openable[0]}-${openable[1]} accept`,
        ]),
    // RFC 4890 §4.3.1: without these IPv6 does not work.
    'icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem, echo-request } accept',
    'drop',
  ]
}

function input({ inboundClosed }: CpeProfile, wan: string): string[] {
  if (!inboundClosed) return []
  return [
    'ct state established,related accept',
    `iifname != "${wan}" accept`,
    'icmp type { echo-request, destination-unreachable, time-exceeded } accept',
    // RFC 4890 §4.4.1: neighbours, routers, multicast listeners.
    'icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem, echo-request, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query } accept',
    // DHCP and DHCPv6 answers.
    'udp sport 67 udp dport 68 accept',
    'ip6 saddr fe80::/10 udp dport 546 accept',
    'drop',
  ]
}

const translation = ({ wan, lanPrefix4 }: CpeSettings): string => `
  chain translation {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "${wan}" ip saddr ${lanPrefix4} masquerade
  }
`
