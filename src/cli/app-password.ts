// `cordon app-password`: passwords for single mail programs, for customers that have no portal at hand.

import { Command } from 'commander'
import { SCOPES, type Scope } from '../model/app-password.ts'
import { type ControlOptions, order } from './control-client.ts'
import { controlOptions, sayingWhy, sayOutcome } from './shared-options.ts'

export function appPasswordCommand(): Command {
  const add = controlOptions(
    new Command('add')
      .description('create an app password; it is printed once')
      .argument('<login>', 'mail account')
      .requiredOption('--label <text>', 'device or program that uses the password')
      .option('--scope <list>', `what it may do: ${SCOPES.join(', ')}`, 'send'),
  ).action(
    sayingWhy(async (login: string, options: ControlOptions & { label: string; scope: string }) => {
      // The order checks whether they are scopes.
      const scopes = options.scope.split(',').map(scope => scope.trim()) as Scope[]
      const { label } = options
      const outcome = await order(options, { kind: 'add-app-password', login, label, scopes })
      sayOutcome(options, outcome)
      if (outcome.done && !options.json) console.log(outcome.secret)
    }),
  )
  const remove = controlOptions(
    new Command('remove')
      .description('delete an app password; sessions of its login end')
      .argument('<id>', 'as "cordon subscriber show" has it'),
  ).action(
    sayingWhy(async (id: string, options: ControlOptions) => {
      sayOutcome(options, await order(options, { kind: 'remove-app-password', id }))
    }),
  )
  return new Command('app-password').addCommand(add).addCommand(remove)
}
