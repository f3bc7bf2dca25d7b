// `cordon config`: an example to start from, and a check.

import { Command } from 'commander'
import { exampleConfig } from '../config/example.ts'
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
      readConfiguration(file)
      console.log(`${file} can be used.`)
    })
  return new Command('config').addCommand(example).addCommand(check)
}
