// `cordon config`: an example to start from, and a check.

import { Command } from 'commander'
import { exampleConfig } from '../config/example.ts'
import { loadConfig } from '../config/load.ts'

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
      loadConfig(file)
      console.log(`${file} can be used.`)
    })
  return new Command('config')
    .description('configuration: example, check')
    .addCommand(example)
    .addCommand(check)
}
