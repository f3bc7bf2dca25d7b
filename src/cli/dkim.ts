// `cordon dkim show`: the record of our DKIM key for the zone of our domain.

import { join } from 'node:path'
import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { dkimZoneLine, SELECTOR } from '../mail/dkim-record.ts'
import { wholeFileNow } from '../wire/whole-file.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT, sayingWhy } from './shared-options.ts'
import { USUAL_CONFIG, usualConfig } from './usual-places.ts'

type ShowOptions = { readonly config?: string; readonly json?: true }

export function dkimCommand(): Command {
  const show = new Command('show')
    .description('print the record for the zone of our domain (the default command)')
    .option('-c, --config <file>', `configuration file; ${USUAL_CONFIG}`)
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async ({ config, json }: ShowOptions) => {
        const { domains, hostname, dataFolder } = loadConfig(config ?? usualConfig())
        const [domain = hostname] = domains
        const file = join(dataFolder, 'keys', 'dkim.pem')
        const privateKey = wholeFileNow(file).bytes.toString('utf8')
        const line = dkimZoneLine({ domain, selector: SELECTOR, privateKey })
        if (json) sayJson({ domain, selector: SELECTOR, line })
        else console.log(line)
      }),
    )
  return new Command('dkim').addCommand(show, { isDefault: true })
}
