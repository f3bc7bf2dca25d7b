// `cordon config`: an example to start from, and a check.

import { Command } from 'commander'
import { exampleConfig } from '../config/example.ts'
import { anyPort } from '../config/any-port.ts'
import { warnings } from '../config/warnings.ts'
import { readConfiguration } from '../app/configured-files.ts'
import { certificateWarnings } from '../app/certificate-warnings.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT } from './shared-options.ts'
import { USUAL_CONFIG, usualConfig } from './usual-places.ts'

export function configCommand(): Command {
  const example = new Command('example')
    .description('print a configuration to start from')
    .action(() => console.log(exampleConfig()))
  const check = new Command('check')
    .description(
      'check a configuration; each mistake is printed with its line and what to write instead',
    )
    .argument('[file]', `configuration file; ${USUAL_CONFIG}`)
    .option('--json', JSON_ABOUT)
    .action((named: string | undefined, { json }: { json?: true }) => {
      const file = named ?? usualConfig()
      const config = readConfiguration(file)
      const all = [
        ...warnings(config),
        ...anyPort(config),
        ...certificateWarnings(config, Date.now()),
      ]
      const said = [`${file} can be used.`, ...all.map(one => `warning: ${one}`)]
      if (json) sayJson({ done: true, text: said.join('\n') })
      else console.log(said.join('\n'))
    })
  return new Command('config').addCommand(example).addCommand(check)
}
