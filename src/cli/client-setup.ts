// `cordon client-setup`: what mail programs are told of a domain, and what they really find.

import { Command } from 'commander'
import { notKnown, providerServers } from '../app/client-setup.ts'
import { checkClientSetup, type SetupFinding } from '../app/client-setup-check.ts'
import { loadConfig } from '../config/load.ts'
import { nodeResolver } from '../drivers/lookups/node-resolver.ts'
import { type ClientSetup, clientSetup } from '../mail/client-setup/client-setup.ts'
import { setupRecords, zoneLine } from '../mail/client-setup/dns-records.ts'
import { foldDomain } from '../model/mail-address.ts'
import { EXIT, UsageError } from './failures.ts'
import { sayJson, whole } from './in-json.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { JSON_ABOUT, sayingWhy } from './shared-options.ts'
import { table } from './table.ts'
import { USUAL_CONFIG, usualConfig } from './usual-places.ts'

type SetupOptions = { readonly config?: string; readonly json?: true }

export function clientSetupCommand(): Command {
  const show = withOptions(
    new Command('show').description(
      'print the servers that mail programs are told, and the records for the zone',
    ),
  ).action(
    sayingWhy(async (domain: string, options: SetupOptions) => {
      const { setup, file } = setupOf(domain, options)
      const records = setupRecords(setup).map(zoneLine)
      const { reading, sending } = setup
      if (options.json) sayJson({ domain: setup.domain, reading, sending, records })
      else console.log([serversOf(setup), '', ...records, '', ofFile(file)].join('\n'))
    }),
  )
  const check = withOptions(
    new Command('check').description(
      'ask the DNS and every place over HTTPS as mail programs do; exit code 0 all is as configured, 1 something is not',
    ),
  ).action(
    sayingWhy(async (domain: string, options: SetupOptions) => {
      const { setup, resolvers } = setupOf(domain, options)
      const { resolve } = nodeResolver(resolvers)
      const findings = await checkClientSetup(setup, { resolve, fetch: boundedFetch })
      if (options.json) sayJson(whole(findings))
      else console.log(findingsTable(findings))
      if (findings.some(({ found }) => found !== 'right')) process.exitCode = EXIT.notSo
    }),
  )
  return new Command('client-setup').addCommand(show).addCommand(check)
}

const withOptions = (command: Command): Command =>
  command
    .argument('<domain>', 'one of `domains`')
    .option('-c, --config <file>', `configuration file; ${USUAL_CONFIG}`)
    .option('--json', JSON_ABOUT)

/** The set-up of the postmaster: an address that every domain has (RFC 5321 §4.5.1). */
function setupOf(written: string, { config: named }: SetupOptions) {
  const file = named ?? usualConfig()
  const config = loadConfig(file)
  const domain = foldDomain(written)
  const setup = clientSetup(providerServers(config), domain, `postmaster@${domain}`)
  if (!setup)
    throw new UsageError(
      `${written} is no domain of yours. In domains: ${config.domains.join(', ') || 'none'}.`,
    )
  const why = notKnown(config)
  if (why !== undefined) throw new UsageError(why)
  return { setup, file, resolvers: config.resolvers }
}

/** The pages of a running Cordon are those of its start. A comment in a zone. */
const ofFile = (file: string): string =>
  `; of ${file}; a running Cordon tells programs so after a restart`

const NAMES = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' } as const

function serversOf({ reading, sending }: ClientSetup): string {
  const rows = [...reading, ...sending].map(({ protocol, host, port, tls }) => [
    NAMES[protocol],
    host,
    String(port),
    tls === 'implicit' ? 'TLS from the first byte' : 'STARTTLS',
  ])
  return table(['PROTOCOL', 'HOST', 'PORT', 'SECURITY'], rows)
}

const findingsTable = (findings: readonly SetupFinding[]): string =>
  table(
    ['FOUND', 'MECHANISM', 'PLACE', 'WHAT'],
    findings.map(({ found, mechanism, place, words }) => [found, mechanism, place, words]),
  )
