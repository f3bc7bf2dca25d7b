// `cordon serve`: the program for real use.

import { Command } from 'commander'
import { readConfiguration } from '../app/configured-files.ts'
import { inWords } from '../app/place.ts'
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
      const config = readConfiguration(options.config)
      if (options.check) {
        console.log(`${options.config} can be used.`)
        return
      }
      // Whoever reads what we say may go away; the mail goes on.
      for (const out of [process.stdout, process.stderr]) out.on('error', () => undefined)
      // What is written is for nobody else: passwords' hashes, keys, mail.
      process.umask(0o077)
      const log = openLog(config.log)
      // A reload that is asked for while the parts are opened waits until they stand: SIGHUP alone would end the process.
      const asked = Promise.withResolvers<Cordon>()
      process.on(
        'SIGHUP',
        () => void asked.promise.then(cordon => reload(cordon, options.config, log)),
      )
      const cordon = await startCordon(config, {
        log: log.event,
        trouble: log.trouble,
        sockets: inheritedSockets(process.env, process.pid),
      })
      asked.resolve(cordon)
      for (const place of cordon.places) console.log(inWords(place))
      console.log(`ready; control socket ${cordon.controlSocket}`)
      await untilTold()
      const left = await cordon.close()
      process.exit(left.length === 0 ? 0 : 1)
    })
}

/** Reads the configuration again. What cannot be changed while running is named; a bad file changes nothing. */
async function reload(cordon: Cordon, file: string, log: Log): Promise<void> {
  try {
    const { later, unwritten } = await cordon.reload(readConfiguration(file))
    for (const error of unwritten) log.trouble(error, `writing what was read again from ${file}`)
    const rest = later.length === 0 ? '' : `; after a restart: ${later.join(', ')}`
    console.log(`read ${file} again${rest}`)
  } catch (error) {
    log.trouble(error, `reading ${file} again; nothing was changed`)
  }
}
