// `cordon serve`: the program for real use.

import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { type Cordon, startCordon } from '../main.ts'
import { type Log, openLog } from '../drivers/log/event-log.ts'
import { inheritedSockets } from '../wire/inherited-sockets.ts'
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
      // Whoever reads what we say may go away; the mail goes on.
      for (const out of [process.stdout, process.stderr]) out.on('error', () => undefined)
      // What is written is for nobody else: passwords' hashes, keys, mail.
      process.umask(0o077)
      const log = openLog(config.log)
      const cordon = await startCordon(config, {
        log: log.event,
        trouble: log.trouble,
        sockets: inheritedSockets(process.env, process.pid),
      })
      process.on('SIGHUP', () => void reload(cordon, options.config, log))
      for (const [i, listener] of config.listeners.entries()) {
        console.log(`${listener.kind} on ${listener.address} port ${cordon.smtpPorts[i]}`)
      }
      if (cordon.policyPort !== undefined)
        console.log(`policy service on port ${cordon.policyPort}`)
      if (cordon.radiusPort !== undefined)
        console.log(`RADIUS accounting on port ${cordon.radiusPort}`)
      if (cordon.flowsPort !== undefined) console.log(`flow records on port ${cordon.flowsPort}`)
      for (const port of cordon.decoyPorts) console.log(`decoy on port ${port}`)
      if (cordon.milterPort !== undefined) console.log(`milter on port ${cordon.milterPort}`)
      console.log(`live view on http://${config.http.console.address}:${cordon.consolePort}/`)
      console.log(`portal on http://${config.http.portal.address}:${cordon.portalPort}/`)
      console.log(`ready; control socket ${cordon.controlSocket}`)
      await untilTold()
      await cordon.close()
      process.exit(0)
    })
}

/** Reads the configuration again. What cannot be changed while running is named; a bad file changes nothing. */
async function reload(cordon: Cordon, file: string, log: Log): Promise<void> {
  try {
    const { later } = await cordon.reload(loadConfig(file))
    const rest = later.length === 0 ? '' : `; after a restart: ${later.join(', ')}`
    console.log(`read ${file} again${rest}`)
  } catch (error) {
    log.trouble(error, `reading ${file} again; nothing was changed`)
  }
}
