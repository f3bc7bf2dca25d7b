// A modem's profile for OpenWrt: as commands for `uci batch`, and in the shape of the table that its firewall (fw4) makes of them, so that
// it can be tried where there is no OpenWrt. Pure.

import {
  CPE,
  type CpeProfile,
  type CpeSettings,
  MARK,
  type ProfileName,
  serversOf,
} from './profile.ts'

/** Names of our sections, so that rendering again replaces them. */
const RULES = [
  'cordon_worms_out',
  'cordon_worms_in',
  'cordon_mail_ours4',
  'cordon_mail_ours6',
  'cordon_mail_out',
] as const

export function cpeUci(name: ProfileName, settings: CpeSettings): string {
  const profile = CPE[name]
  const firewall = [
    ...RULES.map(rule => `delete firewall.${rule}`),
    ...zone(profile),
    ...rules(profile, settings),
  ]
  const upnp = upnpRules(profile)
  return `# ${MARK}
# Profile ${name}. Load it with: uci -q batch < this-file; then: service firewall reload; service miniupnpd restart
${[...firewall, 'commit firewall', ...upnp, 'commit upnpd'].join('\n')}
`
}

/** The zone called wan is the second one of a new OpenWrt. */
function zone({ nat, inboundClosed }: CpeProfile): string[] {
  const closed = inboundClosed ? 'REJECT' : 'ACCEPT'
  return [
    `set firewall.@zone[1].input='${closed}'`,
    `set firewall.@zone[1].forward='${closed}'`,
    `set firewall.@zone[1].masq='${nat ? 1 : 0}'`,
    'delete firewall.cordon_inward',
    ...(inboundClosed
      ? []
      : [
          'set firewall.cordon_inward=forwarding',
          "set firewall.cordon_inward.src='wan'",
          "set firewall.cordon_inward.dest='lan'",
        ]),
  ]
}

function rules(profile: CpeProfile, settings: CpeSettings): string[] {
  const { mailPort, wormPorts } = profile
  const rule = (name: (typeof RULES)[number], options: Readonly<Record<string, string>>) => [
    `set firewall.${name}=rule`,
    `set firewall.${name}.name='${name.replaceAll('_', '-')}'`,
    ...Object.entries(options).map(([key, value]) => `set firewall.${name}.${key}='${value}'`),
  ]
  const out = { src: 'lan', dest: 'wan', proto: 'tcp' }
  const ours = ([4, 6] as const).flatMap(family => {
    const servers = serversOf(settings, family)
    if (mailPort === undefined || servers.length === 0) return []
    const name = family === 4 ? 'cordon_mail_ours4' : 'cordon_mail_ours6'
    return [
      ...rule(name, {
        ...out,
        family: `ipv${family}`,
        dest_port: String(mailPort),
        target: 'ACCEPT',
      }),
      ...servers.map(server => `add_list firewall.${name}.dest_ip='${server}'`),
    ]
  })
  return [
    ...(wormPorts.length === 0
      ? []
      : [
          ...rule('cordon_worms_out', {
            ...out,
            proto: 'tcp udp',
            dest_port: wormPorts.join(' '),
            target: 'REJECT',
          }),
          ...rule('cordon_worms_in', {
            src: 'wan',
            dest: 'lan',
            proto: 'tcp udp',
            dest_port: wormPorts.join(' '),
            target: 'DROP',
          }),
        ]),
    ...ours,
    ...(mailPort === undefined
      ? []
      : rule('cordon_mail_out', { ...out, dest_port: String(mailPort), target: 'REJECT' })),
  ]
}

/** Programs inside may open these ports, for themselves only. */
function upnpRules({ openable }: CpeProfile): string[] {
  const gone = ['delete upnpd.cordon_allow', 'delete upnpd.cordon_deny']
  if (!openable) return [...gone, "set upnpd.config.enabled='0'"]
  const [first, last] = openable
  const rule = (name: string, action: string, ports: string) => [
    `set upnpd.${name}=perm_rule`,
    `set upnpd.${name}.action='${action}'`,
    `set upnpd.${name}.ext_ports='${ports}'`,
    `set upnpd.${name}.int_addr='0.0.0.0/0'`,
    `set upnpd.${name}.int_ports='${ports}'`,
  ]
  return [
    ...gone,
    "set upnpd.config.secure_mode='1'",
    ...rule('cordon_allow', 'allow', `${first}-${last}`),
    ...rule('cordon_deny', 'deny', '0-65535'),
  ]
}

/** What fw4 does with what comes from inside. */
function forwardedOut({ mailPort, wormPorts }: CpeProfile, settings: CpeSettings): string[] {
  const ours = ([4, 6] as const).flatMap(family => {
    const servers = serversOf(settings, family)
    const header = family === 4 ? 'ip' : 'ip6'
    return mailPort === undefined || servers.length === 0
      ? []
      : [
          `tcp dport ${mailPort} ${header} daddr { ${servers.join(', ')} } counter jump accept_to_wan comment "!fw4: cordon-mail-ours${family}"`,
        ]
  })
  return [
    ...(wormPorts.length === 0
      ? []
      : [`${matching(wormPorts)} jump reject_to_wan comment "!fw4: cordon-worms-out"`]),
    ...ours,
    ...(mailPort === undefined
      ? []
      : [`tcp dport ${mailPort} counter jump reject_to_wan comment "!fw4: cordon-mail-out"`]),
    'jump accept_to_wan comment "!fw4: Accept lan to wan forwarding"',
    'jump accept_to_lan',
  ]
}

/** And with what comes from outside. */
const forwardedIn = ({ wormPorts, openable, inboundClosed }: CpeProfile): string[] => [
  ...(wormPorts.length === 0
    ? []
    : [`${matching(wormPorts)} drop comment "!fw4: cordon-worms-in"`]),
  ...(openable === undefined
    ? []
    : [
        `ct status dnat meta l4proto { tcp, udp } ct original proto-dst ${openable[0]}-${openable[1]} accept comment "!fw4: Accept port forwards"`,
      ]),
  ...(inboundClosed
    ? [
        'icmpv6 type { echo-request, echo-reply, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } limit rate 1000/second counter accept comment "!fw4: Allow-ICMPv6-Forward"',
        'jump reject_to_wan',
      ]
    : ['jump accept_to_lan comment "!fw4: Accept wan to lan forwarding"']),
]

const matching = (ports: readonly string[]): string =>
  `meta l4proto { tcp, udp } th dport { ${ports.join(', ')} } counter`

/** What fw4 makes of it, as far as it concerns what passes through. */
export function cpeFw4(name: ProfileName, settings: CpeSettings): string {
  const profile = CPE[name]
  const { lan, wan } = settings
  const forwardLan = forwardedOut(profile, settings)
  const forwardWan = forwardedIn(profile)
  const chain = (title: string, body: readonly string[]) =>
    `\tchain ${title} {\n${body.map(line => `\t\t${line}\n`).join('')}\t}\n`
  return `# ${MARK} Profile ${name}, in the shape of fw4.
table inet fw4
flush table inet fw4
delete table inet fw4
table inet fw4 {
${chain('forward', [
  'type filter hook forward priority filter; policy drop;',
  // fw4 lets pass what is open; ours are looked at first, so that a session does not outlive a change of profile.
  ...forwardLan.slice(0, -2).map(rule => `iifname "${lan}" oifname "${wan}" ${rule}`),
  'ct state established,related accept comment "!fw4: Allow forwarded established and related flows"',
  `iifname "${lan}" jump forward_lan comment "!fw4: Handle lan IPv4/IPv6 forward traffic"`,
  `iifname "${wan}" jump forward_wan comment "!fw4: Handle wan IPv4/IPv6 forward traffic"`,
  'jump handle_reject',
])}${chain('forward_lan', forwardLan)}${chain('forward_wan', forwardWan)}${chain('handle_reject', [
  'meta l4proto tcp reject with tcp reset comment "!fw4: Reject TCP traffic"',
  'reject with icmpx type port-unreachable comment "!fw4: Reject any other traffic"',
])}${chain('accept_to_wan', [
  `meta nfproto ipv4 oifname "${wan}" ct state invalid counter drop comment "!fw4: Prevent NAT leakage"`,
  `oifname "${wan}" counter accept comment "!fw4: accept wan IPv4/IPv6 traffic"`,
])}${chain('accept_to_lan', [`oifname "${lan}" counter accept comment "!fw4: accept lan IPv4/IPv6 traffic"`])}${chain('reject_to_wan', [`oifname { "${wan}", "${lan}" } counter jump handle_reject comment "!fw4: reject wan IPv4/IPv6 traffic"`])}${
  profile.nat
    ? chain('srcnat', [
        'type nat hook postrouting priority srcnat; policy accept;',
        `oifname "${wan}" meta nfproto ipv4 masquerade comment "!fw4: Masquerade IPv4 wan traffic"`,
      ])
    : ''
}}
`
}
