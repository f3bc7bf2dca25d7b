// `cordon network doctor`: what keeps lines from being closed, or closes the wrong ones, each with what to do about it.

import { Command } from 'commander'
import { formatDuration, MINUTE, SECOND } from '../model/duration.ts'
import type { NetworkStatus } from '../ports/reading.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { sayJson, whole } from './in-json.ts'
import { clockOf } from './network-tables.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { table } from './table.ts'

type Finding = NetworkStatus['worries'][number]

const OFF_BY = 5 * SECOND
const SILENT_FOR = 15 * MINUTE

/** What comes late, where it is no line of a log. */
const LATE: Readonly<Record<string, string>> = { radius: 'late accounting', flows: 'late flows' }

/** By the first words of a finding; what is not here is said as it is. */
const TO_DO: readonly (readonly [string, string])[] = [
  ['unknown user', 'add the customer or login, or translate it: radius.customers, stripRealms'],
  ['missing file', 'write its right path into kea.files, or start Kea; no lease ends meanwhile'],
  ['table refused', 'write a whole one, and rename it to its place: docs/network.md'],
  [
    'clock not settled',
    'nothing, when it is gone after three more packets; until then what it tells is ambiguous near a change of hands. Let it follow NTP',
  ],
  ['clock', 'let it follow NTP; until then what is near a change of hands is ambiguous'],
  ['silent', 'see whether it still sends, and whether a firewall is between'],
  ['template unreadable', 'let it send fields that have a length, and no more than 4096 bytes'],
  ['template gap', 'let the exporter tell its templates every minute; its records wait for them'],
  ['sequence gap', 'see what drops UDP between, raise net.core.rmem_max, or sample more'],
  ['sflow', 'let it send NetFlow or IPFIX, or put sflowtool between: docs/network.md'],
  [
    'late accounting',
    'find what holds it up, as a spool of a proxy (radrelay, detail): while it is played, whose an address is may be ambiguous',
  ],
  ['late flows', 'let the exporter export sooner: shorter active and inactive timeouts'],
  [
    'NAT log unread',
    'write natLog.allocated, active and released as its lines are: docs/network.md',
  ],
  ['late log', 'let the router write each line at once: no buffer, and a nearer collector'],
  [
    'in doubt',
    'see cordon who; the next update of its own session ends the doubt; so does the end of the session, or cordon order close-lease of the lease that is over',
  ],
  [
    'no lease',
    'nothing, when the line is off, or the table gave it to another customer; else see whether its access server tells of it, and sends updates',
  ],
  [
    'no updates',
    'let it send an update of each session every radius.interim, or write interim: 0s',
  ],
  [
    'nothing heard',
    'see whether it sends there, whether its proxy runs, and what the firewall lets in',
  ],
  ['unknown client', 'add it to radius.clients, or see who sends there'],
  ['unknown exporter', 'add it to flows.exporters, or see who sends there'],
  ['wrong secret', 'write the same secret in both: radius.clients'],
  ['foreign access server', 'name it in the nas of each client that tells of it: radius.clients'],
  [
    'address of two',
    'name it in the nas of both when they are proxies of one; else give each an address of its own',
  ],
  [
    'number of two',
    'let it number its sessions so that no number is in use twice (Acct-Session-Id)',
  ],
  ['was silent', 'nothing: it ends by itself; see why it could not be heard'],
  ['two sources', 'see which of both gives out an address that is not its own'],
  [
    'nft-monitor',
    'see whether nft monitor runs there and tells of changes, and what its version is',
  ],
  [
    'leases overlap',
    'see which of both leases is over: cordon who, cordon order close-lease; let its access server send Stop and updates',
  ],
  ['rules gone', 'load what cordon router table prints; the sets alone close nothing'],
  [
    'rules loaded again',
    'see which program or script changes the table inet cordon, and let it leave that table alone',
  ],
  [
    'table differs',
    'load what cordon router table prints; rules of your own belong into a table of your own',
  ],
  ['router off', 'cordon driver fill NAME, when it is to hold something again'],
  [
    'no right to nft',
    'give the unit its drop-in, etc/cordon-nftables.conf; over ssh, log in as a user that may run nft',
  ],
  ['router silent', 'see whether it can be reached, and load what cordon router table prints'],
  [
    'not confirmed: refused',
    'let it take the attributes: identify, messageAuthenticator, isolated',
  ],
  ['not confirmed: unanswered', 'check address, port, secret and firewall of its radiusCoa entry'],
  ['not confirmed: gone', 'see its sessions; identify may lack what it tells sessions apart by'],
  [
    'not confirmed: goes on',
    'end the session at its access server; where a Disconnect ends none, say nothing in disconnect and use CoA',
  ],
  [
    'not confirmed: no entry',
    'put its entry back (radiusCoa, webhooks); of a device that is gone, end the lease, or remove its file: docs/network.md',
  ],
  ['not confirmed', 'nothing: it is tried again, after what waits at the same device'],
  ['set differs', 'nothing, when it is gone in a minute; else see its action-done events'],
  [
    'id too long',
    'give the customer a shorter id: each byte of a letter that is not ASCII counts as three',
  ],
  [
    'shared address',
    'nothing for the address itself, which would close its neighbours, too: let a router or radiusCoa of the realm inside the NAT have the lease there',
  ],
  [
    'no router',
    'add its access server to radiusCoa, the length to prefixLengths4 or 6, or a router with its realm',
  ],
]

export function doctorCommand(): Command {
  return controlOptions(
    new Command('doctor').description(
      'what keeps lines from being closed, or closes the wrong ones, and what to do',
    ),
  ).action(
    sayingWhy(async (options: ControlOptions) => {
      const findings = await networkFindings(options)
      if (options.json) sayJson(whole(findings.map(one => ({ ...one, toDo: toDo(one) }))))
      else console.log(shown(findings))
      if (findings.length > 0) process.exitCode = 1
    }),
  )
}

export async function networkFindings(options: ControlOptions): Promise<readonly Finding[]> {
  // The check first: it looks at each router, and what is seen there is in the status, too.
  const check = await ask<readonly Finding[]>(options, '/network/check')
  const status = await ask<NetworkStatus>(options, '/network')
  return [...ofTellers(status, Date.now()), ...together(status.worries, check)]
}

/** The check has each entry of what the status only counts. */
export const together = (
  worries: readonly Finding[],
  check: readonly Finding[],
): readonly Finding[] => [
  ...worries.filter(
    one => !check.some(({ what, about }) => what === one.what && about === one.about),
  ),
  ...check,
]

/** Clocks that are off, sources that have been silent for long, and such that tell late. */
export function ofTellers({ tellers }: Pick<NetworkStatus, 'tellers'>, now: number): Finding[] {
  return tellers.flatMap(({ kind, name, offset, settled, heardAt, late }) => {
    const about = `${kind} ${name}`
    const isOff = offset !== undefined && Math.abs(offset) > OFF_BY
    const clock = isOff ? [{ about, ...clockWords(offset, settled) }] : []
    const silent =
      heardAt === 0 || now - heardAt > SILENT_FOR
        ? [{ what: 'silent', about, words: 'nothing was heard for fifteen minutes or more' }]
        : []
    const isLate = late !== undefined && now - late.at <= SILENT_FOR
    const lateness = isLate
      ? [
          {
            what: LATE[kind] ?? 'late log',
            about,
            words: `what it told came ${formatDuration(late.by)} late`,
          },
        ]
      : []
    return [...clock, ...silent, ...lateness]
  })
}

const clockWords = (offset: number, settled: boolean) =>
  settled
    ? { what: 'clock', words: `its clock is off by ${formatDuration(Math.abs(offset))}` }
    : { what: 'clock not settled', words: `its clock is ${clockOf(offset, settled)}` }

export const toDo = ({ what }: Finding): string =>
  TO_DO.find(([begins]) => what.startsWith(begins))?.[1] ?? '-'

function shown(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing is wrong.'
  return table(
    ['FOUND', 'ABOUT', 'DETAIL', 'WHAT TO DO'],
    findings.map(one => [one.what, one.about, one.words, toDo(one)]),
  )
}
