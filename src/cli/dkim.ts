// `cordon dkim`: the records of our DKIM keys for the zone of our domain, and new keys.

import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { dkimKeysOf, type KeptDkimKey, mayGo, signsFor } from '../drivers/identity/dkim-keys.ts'
import { dkimZoneLine } from '../mail/dkim-record.ts'
import { type ControlOptions, order } from './control-client.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, JSON_ABOUT, sayingWhy, sayOutcome } from './shared-options.ts'
import { USUAL_CONFIG, usualConfig } from './usual-places.ts'

type ShowOptions = { readonly config?: string; readonly json?: true }

export function dkimCommand(): Command {
  const show = new Command('show')
    .description('print the records for the zone of our domain (the default command)')
    .option('-c, --config <file>', `configuration file; ${USUAL_CONFIG}`)
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async ({ config, json }: ShowOptions) => {
        const { domains, hostname, dataFolder } = loadConfig(config ?? usualConfig())
        const [domain = hostname] = domains
        const keys = dkimKeysOf(dataFolder).map(({ privateKey, ...key }) => ({
          ...key,
          line: dkimZoneLine({ domain, selector: key.selector, privateKey }),
          says: stateOf(key, domain),
        }))
        if (json) sayJson({ domain, keys })
        // Comments of a zone file, so that all of it can be copied.
        else
          for (const { selector, says, line } of keys)
            console.log(`; ${selector}: ${says}\n${line}`)
      }),
    )
  const rotate = controlOptions(
    new Command('rotate').description(
      'make new keys; each signs when its record is in the DNS, and the old one no more',
    ),
  ).action(
    sayingWhy(async (options: ControlOptions) => {
      sayOutcome(options, await order(options, { kind: 'rotate-dkim' }))
    }),
  )
  return new Command('dkim').addCommand(show, { isDefault: true }).addCommand(rotate)
}

function stateOf(key: Omit<KeptDkimKey, 'privateKey'>, domain: string): string {
  const end = mayGo(key)
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  if (end !== undefined)
    return `signs no more; leave its record in the zone until ${day(end)}, then take it out`
  if (!signsFor(key, domain)) return 'does not sign yet: publish it, and it does within minutes'
  return key.signs === 0 ? 'signs' : `signs since ${day(key.signs)}`
}
