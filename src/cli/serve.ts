// `cordon serve`: the program for real use.

import { Command } from 'commander'
import { readConfiguration } from '../app/configured-files.ts'
import type { Cordon } from '../app/cordon.ts'
import { readAgain } from '../app/read-again.ts'
import { mustNotBeTowns } from '../app/town-folder.ts'
import { warnings } from '../config/warnings.ts'
import { startCordon } from '../main.ts'
import { openLog } from '../drivers/log/event-log.ts'
import { type ServiceManager, systemd } from '../drivers/service-manager/systemd.ts'
import { inheritedSockets } from '../wire/inherited-sockets.ts'
import { reloadAsked } from '../orders/queries.ts'
import { inWords } from '../orders/problem.ts'
import { UsageError } from './failures.ts'
import { stopInOrder } from './stop-in-order.ts'
import { untilTold } from './until-told.ts'
import { USUAL_CONFIG, usualConfig } from './usual-places.ts'

type ServeOptions = {
  readonly config?: string
  readonly check?: boolean
  readonly despite?: string
}

type Running = { readonly cordon: Cordon; readonly manager: ServiceManager }

export function serveCommand(): Command {
  return new Command('serve')
    .option('-c, --config <file>', `the configuration, see docs/configuration.md; ${USUAL_CONFIG}`)
    .option('--check', 'only check the configuration')
    .option(
      '--despite <why>',
      'start although domains, listeners, sections or many entries are gone since the last time; the reason is audited',
    )
    .action(async (options: ServeOptions) => {
      // A reload that is asked for while the parts are opened waits until they stand: SIGHUP alone would end the process.
      const asked = Promise.withResolvers<Running>()
      process.on('SIGHUP', () => void asked.promise.then(reload).catch(console.error))
      mustSayWhy(options.despite)
      const file = options.config ?? usualConfig()
      const config = readConfiguration(file)
      if (options.check) {
        console.log(`${file} can be used.`)
        return
      }
      mustNotBeTowns(config.dataFolder)
      // The reader of our output may go away; the mail goes on.
      for (const out of [process.stdout, process.stderr]) out.on('error', () => undefined)
      // Only our user may read what is written: passwords' hashes, keys, mail.
      process.umask(0o077)
      const log = openLog(config.log)
      const manager = systemd({
        env: takenFrom(process.env),
        pid: process.pid,
        trouble: log.trouble,
      })
      const broken = Promise.withResolvers<Error>()
      // A signal while Cordon starts stops it in order as soon as it stands.
      const over = untilTold(broken.promise)
      const cordon = await startCordon(config, {
        log: log.event,
        trouble: log.trouble,
        broken: broken.resolve,
        sockets: inheritedSockets(process.env, process.pid),
        reread: agreed => readAgain(file, agreed),
        despite: options.despite,
      })
      asked.resolve({ cordon, manager })
      for (const one of warnings(config)) console.log(`warning: ${one}`)
      if (options.despite !== undefined) sayLost(cordon.lost, options.despite)
      for (const { status } of cordon.places) console.log(status)
      console.log(`ready; control socket ${cordon.controlSocket}`)
      void manager.ready()
      manager.watch(async () => {
        const problems = await cordon.health()
        const alive = problems.every(({ silent }) => !silent)
        return { alive, problems: problems.map(({ words }) => words) }
      })
      const why = await over
      manager.unwatch()
      const told = manager.stopping(cordon.stopsWithin())
      const code = await stopInOrder(cordon)
      await told
      if (why) console.error(`cordon: a store cannot go on: ${why.message}`)
      process.exit(why ? 1 : code)
    })
}

/** Refuses a reason without words, as `cordon reload` does. */
function mustSayWhy(despite: string | undefined): void {
  const parsed = reloadAsked.parse(despite === undefined ? {} : { despite })
  if ('problem' in parsed) throw new UsageError(inWords(parsed.problem))
}

/** Warns also where nothing was lost: left in a unit, the option would agree to every loss to come. */
function sayLost(lost: readonly string[], despite: string): void {
  for (const one of lost) console.log(`lost since the last start: ${one} (despite: ${despite})`)
  if (lost.length === 0)
    console.log(
      'warning: --despite did nothing: nothing was lost since the last start. Leave it out of the next one; it would agree to any loss.',
    )
}

/** Takes systemd's variables out of the environment: they are for this process, not for the programs that it starts. */
function takenFrom(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const taken = { ...env }
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name]
  return taken
}

/** Its answer is the event `order-given`: a line of the log, a warning if it was refused. */
async function reload({ cordon, manager }: Running): Promise<void> {
  await manager.reloading()
  await cordon.reload({ by: 'SIGHUP', isSignal: true })
  await manager.ready()
}
