// `cordon audit HOST…`: whether a provider's mail servers do what keeps spam away and customers safe, asked from outside.

import { hostname } from 'node:os'
import { Command } from 'commander'
import { loadConfig } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { isQueryName } from '../../drivers/lookups/query-name.ts'
import { parseIp, parsePrefix, type Prefix } from '../../model/ip.ts'
import { foldDomain } from '../../model/mail-address.ts'
import { EXIT, NoServer, UsageError } from '../failures.ts'
import { sayJson, whole } from '../in-json.ts'
import { JSON_ABOUT, sayingWhy } from '../shared-options.ts'
import { foundConfig, USUAL_CONFIG } from '../usual-places.ts'
import { findingsOf } from './all-checks.ts'
import { hostSeer } from './probe/see-host.ts'
import { type AuditRow, shownAudit } from './shown.ts'

/** Hosts looked at at once: each is waited for most of its time. */
const AT_ONCE = 8
const MAX_SELECTORS = 20
/** ms */
const PATIENCE = 10_000

type AuditOptions = {
  readonly domain?: string
  readonly selector: readonly string[]
  readonly resolver?: string
  readonly config?: string
  readonly json?: true
}

export function auditCommand(): Command {
  return new Command('audit')
    .argument('[host...]', 'mail servers, or domains whose servers are found by MX and SRV')
    .option(
      '--domain <name>',
      'the domain whose mail they carry, if not the one that they are named in',
    )
    .option(
      '--selector <name>',
      'selector of a DKIM key that must be there; may be said several times',
      (one: string, others: readonly string[]) => [...others, one],
      [],
    )
    .option('--resolver <address>', "DNS server to ask; the system's own without it")
    .option(
      '-c, --config <file>',
      `configuration with your own networks, if there is one; ${USUAL_CONFIG}`,
    )
    .option('--json', JSON_ABOUT)
    .addHelpText('after', EXITS)
    .action(
      sayingWhy(async (hosts: string[], options: AuditOptions) => {
        if (hosts.length === 0)
          throw new UsageError(
            'name a host, as in: cordon audit mail.isp.example. The log of orders is `cordon audit-log`.',
          )
        const rows = await rowsOf(hosts.map(hostOf), options)
        if (rows.every(isSilent)) throw new NoServer(nothingAsked(rows))
        if (options.json) sayJson(whole(rows))
        else console.log(shownAudit(rows))
        if (rows.some(isAmiss)) process.exitCode = EXIT.notSo
      }),
    )
}

const EXITS = `
Exit code 0: what was asked is good; 1: something is to be mended, or had no answer; 2: usage; 69: nothing could be asked.
No message and no password is sent. Whether a server relays for strangers is asked on your own networks, or where a TXT record at
_cordon-audit.DOMAIN says "relay-test".`

async function rowsOf(
  hosts: readonly string[],
  options: AuditOptions,
): Promise<readonly AuditRow[]> {
  const file = options.config ?? foundConfig()
  const config = file === undefined ? undefined : loadConfig(file)
  const selectors = options.selector.map(nameOf)
  if (selectors.length > MAX_SELECTORS)
    throw new UsageError(`--selector: name at most ${MAX_SELECTORS}.`)
  const see = hostSeer({
    ourName: config?.hostname ?? hostname(),
    resolvers: options.resolver === undefined ? (config?.resolvers ?? []) : [options.resolver],
    selectors,
    patience: PATIENCE,
    ...(options.domain === undefined ? {} : { domain: nameOf(options.domain) }),
    ownNetworks: ownNetworks(config ?? {}),
  })
  const rows: AuditRow[] = []
  const inOrder = hosts.entries()
  const worker = async () => {
    for (const [i, name] of inOrder) {
      sayProgress(i, hosts)
      const record = await see(name)
      const { host, domain, outgoing, inbound } = record
      rows[i] = { host, domain, outgoing, inbound, findings: findingsOf(record) }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, hosts.length) }, worker))
  return rows
}

/** Where the operator's customers are; this machine is always the operator's. */
function ownNetworks({ nftables = [], list, leases = [] }: Partial<Config>): readonly Prefix[] {
  return [
    '127.0.0.0/8',
    '::1/128',
    ...nftables.flatMap(({ consumers }) => consumers),
    ...(list?.consumers ?? []),
    ...leases.map(({ prefix }) => prefix),
  ].flatMap(text => parsePrefix(text) ?? [])
}

/** An address alone has no certificate, SPF or MX. */
function hostOf(written: string): string {
  if (parseIp(written.replace(/^\[|\]$/g, '')))
    throw new UsageError(`${written} is an address. Write the name of the server.`)
  return nameOf(written)
}

function nameOf(written: string): string {
  const name = foldDomain(written.replace(/\.$/, ''))
  if (!isQueryName(name))
    throw new UsageError(`${written} is no name in the DNS. Write one such as mail.isp.example.`)
  return name
}

function sayProgress(i: number, hosts: readonly string[]): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r\x1b[K${i + 1} of ${hosts.length}: ${hosts[i]}\r`)
}

/** What was not asked by choice is no fault of the host. */
const isAmiss = ({ findings }: AuditRow): boolean =>
  findings.some(({ state }) => state === 'wrong' || state === 'unknown')

const isSilent = ({ findings }: AuditRow): boolean =>
  findings.every(({ state }) => state === 'unknown' || state === 'not-asked')

function nothingAsked(rows: readonly AuditRow[]): string {
  const words = rows
    .flatMap(({ findings }) => findings)
    .find(({ state }) => state === 'unknown')?.said
  return `nothing could be asked: ${words ?? 'there was no answer'}. Is the network here open? \`--resolver\` names another DNS server.`
}
