// `cordon doctor postfix`: which mail of the Postfix on this machine is asked about, which is not, and whether what it holds can be released.
// Reads its settings, changes nothing.

import { spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { EXIT, NotSo } from './failures.ts'
import { sayJson, whole } from './in-json.ts'
import { servicesIn, settingsIn } from './postfix-settings.ts'
import { socketHoldQueue } from '../drivers/releaser/socket-hold-queue.ts'
import { HELD_MAIL, releaserOf } from './postfix-releaser.ts'
import { type Way, waysIn } from './postfix-ways-in.ts'
import { JSON_ABOUT } from './shared-options.ts'

type Options = {
  readonly policy: string
  readonly milter: string
  readonly releaser: string
  readonly configDirectory?: string
  readonly json?: true
}

export function doctorCommand(): Command {
  return new Command('doctor').addCommand(
    new Command('postfix')
      .description(
        'which ways in of the Postfix on this machine are asked about, whether what it holds can be released, and the lines that are missing; exit code 0 nothing is missing, 1 something is',
      )
      .option('--policy <place>', 'the policy service as Postfix writes it', 'inet:127.0.0.1:10031')
      .option('--milter <place>', 'the milter as Postfix writes it', 'inet:127.0.0.1:10032')
      .option('--releaser <socket>', 'socket of the releaser', '/run/cordon-releaser.sock')
      .option('--config-directory <folder>', 'where its main.cf is, if not where it always is')
      .option('--json', JSON_ABOUT)
      .action(async (options: Options) => {
        const settings = settingsIn(postconf('-n', options))
        const services = servicesIn(postconf('-M', options))
        const queue = socketHoldQueue(options.releaser)
        const held = await releaserOf({ settings, queue })
        const ways = [...waysIn({ settings, services }, options), held]
        if (options.json) sayJson(whole(ways))
        else console.log(said(ways))
        if (ways.some(({ missing }) => missing.length > 0)) process.exitCode = EXIT.notSo
      }),
  )
}

/** A quick answer of a local program. */
function postconf(what: string, { configDirectory }: Options): string {
  const where = configDirectory === undefined ? [] : ['-c', configDirectory]
  const found = spawnSync('postconf', [...where, what], { encoding: 'utf8', timeout: 20_000 })
  if (found.error) throw new NotSo(`postconf cannot be run: ${found.error.message}`)
  if (found.status !== 0) throw new NotSo(`postconf ${what} says: ${found.stderr.trim()}`)
  return found.stdout
}

function said(ways: readonly Way[]): string {
  return ways
    .flatMap(({ service, asked, missing, notes }) => [
      `${service}: ${stateOf({ service, asked })}`,
      ...missing.flatMap(({ what, write }) => [`  missing: ${what}`, `    ${write}`]),
      ...notes.map(note => `  note: ${note}`),
    ])
    .join('\n')
}

function stateOf({ service, asked }: Pick<Way, 'service' | 'asked'>): string {
  if (service === HELD_MAIL) return asked.length === 0 ? 'not released' : 'released by Cordon'
  return asked.length === 0 ? 'not asked about' : `asked about by ${asked.join(' and ')}`
}
