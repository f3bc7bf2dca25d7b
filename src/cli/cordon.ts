// The command line. One file per command beside this one; this file only names them.

import { Command, CommanderError } from 'commander'
import { ConfigError, StartError } from '../model/errors.ts'
import { appPasswordCommand } from './app-password.ts'
import { configCommand } from './config.ts'
import { cpeCommand } from './cpe.ts'
import { driverCommand } from './driver.ts'
import { evidenceCommand } from './evidence.ts'
import { EXIT, exitCodeOf } from './failures.ts'
import { hashPasswordCommand } from './hash-password.ts'
import { incidentCommand } from './incident.ts'
import { labCommand } from './lab.ts'
import { leaseCommand } from './lease.ts'
import { neighbourhoodCommand } from './neighbourhood.ts'
import { optOutCommand } from './opt-out.ts'
import { orderCommand } from './order.ts'
import { policyCommand } from './policy.ts'
import { queueCommand } from './queue.ts'
import { refusalCommand } from './refusal.ts'
import { reloadCommand } from './reload.ts'
import { replayCommand } from './replay.ts'
import { rolloutCommand } from './rollout.ts'
import { routerCommand } from './router.ts'
import { serveCommand } from './serve.ts'
import { subscriberCommand } from './subscriber.ts'
import { endWhenUnread } from './unread.ts'
import { whoCommand } from './who.ts'

export function program(): Command {
  return new Command('cordon')
    .description(
      "Keeps virus-infected machines from sending spam, without getting in anybody else's way.",
    )
    .version('0.1.0')
    .showHelpAfterError('Say "cordon help" or "cordon COMMAND --help" to see what is possible.')
    .addCommand(serveCommand())
    .addCommand(reloadCommand())
    .addCommand(neighbourhoodCommand())
    .addCommand(incidentCommand())
    .addCommand(subscriberCommand())
    .addCommand(rolloutCommand())
    .addCommand(optOutCommand())
    .addCommand(whoCommand())
    .addCommand(leaseCommand())
    .addCommand(evidenceCommand())
    .addCommand(queueCommand())
    .addCommand(orderCommand())
    .addCommand(policyCommand())
    .addCommand(replayCommand())
    .addCommand(refusalCommand())
    .addCommand(routerCommand())
    .addCommand(driverCommand())
    .addCommand(cpeCommand())
    .addCommand(labCommand())
    .addCommand(configCommand())
    .addCommand(appPasswordCommand())
    .addCommand(hashPasswordCommand())
}

/** Words that are no command do not end the program with a code of the library's. */
function throwing(command: Command): Command {
  for (const one of command.commands) throwing(one)
  return command.exitOverride()
}

if (import.meta.main) {
  try {
    await throwing(program())
      .hook('preAction', (_program, command) => {
        if (command.name() !== 'serve') endWhenUnread()
      })
      .parseAsync()
  } catch (error) {
    // It has said what it had to say: help, or what is wrong with the words.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : EXIT.usage)
    // One mistake a line, each with its place, as compilers have it.
    if (error instanceof ConfigError) console.error(error.message)
    else console.error(error instanceof StartError ? `cordon: ${error.message}` : error)
    // Not left to the event loop: a handle that somebody forgot must not keep a failed start alive.
    process.exit(exitCodeOf(error))
  }
}
