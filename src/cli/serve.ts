// `cordon serve`: the program for real use.

import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { startCordon } from '../main.ts'
import { untilTold } from './until-told.ts'

export function serveCommand(): Command {
  return new Command('serve')
    .description('run Cordon with a configuration')
    .requiredOption('-c, --config <file>', 'the configuration, see docs/configuration.md')
    .option('--check', 'only read the configuration and say whether it can be used')
    .action(async (options: { config: string; check?: boolean }) => {
      const config = loadConfig(options.config)
      if (options.check) {
        console.log(`${options.config} can be used.`)
        return
      }
      const cordon = await startCordon(config)
      for (const [i, listener] of config.listeners.entries()) {
        console.log(`${listener.kind} on ${listener.address} port ${cordon.smtpPorts[i]}`)
      }
      console.log(`live view on http://${config.http.console.address}:${cordon.consolePort}/`)
      console.log(`portal on http://${config.http.portal.address}:${cordon.portalPort}/`)
      console.log(`ready; control socket ${cordon.controlSocket}`)
      await untilTold()
      await cordon.close()
      process.exit(0)
    })
}
