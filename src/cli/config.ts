// `cordon config`: an example to start from, and a check.

import { Command } from 'commander'
import { exampleConfig } from '../config/example.ts'
import { noRouter } from '../config/no-router.ts'
import { readConfiguration } from '../app/configured-files.ts'

export function configCommand(): Command {
  const example = new Command('example')
    .description('print a configuration to start from')
    .action(() => console.log(exampleConfig()))
  const check = new Command('check')
    .description(
      'say whether a configuration can be used, and if not, where and what to write instead',
    )
    .argument('<file>', 'the configuration')
    .action((file: string) => {
      const warning = noRouter(readConfiguration(file))
      console.log(`${file} can be used.`)
      if (warning !== undefined) console.log(warning)
    })
  return new Command('config').addCommand(example).addCommand(check)
}
