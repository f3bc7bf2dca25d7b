// `cordon serve`: the program for real use.

import { Command } from 'commander'
import { readConfiguration } from '../app/configured-files.ts'
import { inWords } from '../app/place.ts'
import { type Cordon, startCordon } from '../main.ts'
import { openLog } from '../drivers/log/event-log.ts'
import { inheritedSockets } from '../wire/inherited-sockets.ts'
import { untilTold } from './until-told.ts'

type Options = { readonly config: string; readonly check?: boolean; readonly despite?: string }

export function serveCommand(): Command {
  return new Command('serve')
    .description('run Cordon with a configuration')
    .requiredOption('-c, --config <file>', 'the configuration, see docs/configuration.md')
    .option('--check', 'only read the configuration and say whether it can be used')
    .option(
      '--despite <why>',
      'start although a domain, a listener or many customers are gone since the last time; the reason is audited',
    )
    .action(async (options: Options) => {
      // A reload that is asked for while the parts are opened waits until they stand: SIGHUP alone would end the process.
      const asked = Promise.withResolvers<Cordon>()
      process.on('SIGHUP', () => void asked.promise.then(reload))
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
      const cordon = await startCordon(config, {
        log: log.event,
        trouble: log.trouble,
        sockets: inheritedSockets(process.env, process.pid),
        reread: () => readConfiguration(options.config),
        despite: options.despite,
      })
      asked.resolve(cordon)
      for (const place of cordon.places) console.log(inWords(place))
      console.log(`ready; control socket ${cordon.controlSocket}`)
      await untilTold()
      const left = await cordon.close()
      process.exit(left.length === 0 ? 0 : 1)
    })
}

/** The answer is in the journal and the log as well; here it stands in full. */
async function reload(cordon: Cordon): Promise<void> {
  const { outcome, text } = await cordon.reload({ by: 'SIGHUP' })
  if (outcome === 'done') console.log(text)
  else console.error(text)
}
