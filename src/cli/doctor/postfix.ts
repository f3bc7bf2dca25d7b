// `cordon doctor postfix`: which mail of the Postfix on this machine is asked about, which is not, whether Cordon answers there, and whether
// what it holds can be released. Reads settings and asks doors; changes and counts nothing.

import { spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { EXIT, NotSo } from '../failures.ts'
import { sayJson, whole } from '../in-json.ts'
import { servicesIn, settingsIn } from '../postfix-settings.ts'
import type { HeldWhere } from '../../ports/hold-queue.ts'
import { socketHoldQueue } from '../../drivers/releaser/socket-hold-queue.ts'
import { refusedToOwner, refusedToUser } from '../opens-as.ts'
import { doorsOf } from '../postfix-doors.ts'
import { type PlaceOptions, placesOf } from '../postfix-places.ts'
import { releaserOf } from '../postfix-releaser.ts'
import type { Way } from '../postfix-way.ts'
import { whileObserving } from '../postfix-while-observing.ts'
import { waysIn } from '../postfix-ways-in.ts'
import { JSON_ABOUT } from '../shared-options.ts'
import { USUAL_CONFIG } from '../usual-places.ts'

type PostfixOptions = PlaceOptions & { readonly configDirectory?: string }

export function postfixDoctor(): Command {
  return new Command('postfix')
    .description(
      'which ways in of the Postfix on this machine are asked about, whether Cordon answers there, whether what it holds can be released, and the lines that are missing; exit code 0 nothing is missing, 1 something is',
    )
    .option('-c, --config <file>', `configuration of Cordon; ${USUAL_CONFIG}, if it is there`)
    .option('--policy <place>', 'the policy service as Postfix writes it, if not as configured')
    .option('--milter <place>', 'the milter as Postfix writes it, if not as configured')
    .option('--releaser <socket>', 'socket of the releaser, if not as configured')
    .option('--config-directory <folder>', 'where its main.cf is, if not where it always is')
    .option('--json', JSON_ABOUT)
    .action(async (options: PostfixOptions & { json?: true }) => {
      const { ways, unread } = await postfixWays(options)
      if (options.json) sayJson(whole(ways))
      else console.log(said(ways, unread))
      if (ways.some(({ missing }) => missing.length > 0)) process.exitCode = EXIT.notSo
    })
}

/** `unread`: nothing was read of the configuration, in words. Rejects with NotSo where postconf cannot be run. */
export async function postfixWays(
  options: PostfixOptions,
): Promise<{ readonly ways: readonly Way[]; readonly unread: string | undefined }> {
  const settings = settingsIn(postconf(['-n'], options))
  const services = servicesIn(postconf(['-M'], options))
  const places = await placesOf(options)
  const { releaser } = places
  const queue = releaser === undefined ? undefined : socketHoldQueue(releaser)
  const [doors, held] = await Promise.all([
    doorsOf({ settings, services }, places, { refused: refusedToUser }),
    releaserOf({
      settings,
      services,
      queue,
      here: here(options),
      socket: releaser,
      paces: places.paces,
      countsAtRcpt: places.countsAtRcpt,
      readsLog: places.readsLog,
      refused: socket => refusedToOwner(socket, places.data),
    }),
  ])
  return {
    ways: [
      ...waysIn({ settings, services }, places),
      ...doors,
      ...whileObserving({ settings, services }, places),
      held,
    ],
    unread: places.unread,
  }
}

/** As the releaser says it of its own. */
function here(options: PostfixOptions): HeldWhere {
  const said = postconf(['-xh', 'myhostname', 'queue_directory'], options)
  const [hostname = '', queue = ''] = said.split('\n')
  return { hostname, queue }
}

/** A quick answer of a local program. */
function postconf(what: readonly string[], { configDirectory }: PostfixOptions): string {
  const where = configDirectory === undefined ? [] : ['-c', configDirectory]
  const found = spawnSync('postconf', [...where, ...what], { encoding: 'utf8', timeout: 20_000 })
  if (found.error) throw new NotSo(`postconf cannot be run: ${found.error.message}`)
  if (found.status !== 0) throw new NotSo(`postconf ${what.join(' ')} says: ${found.stderr.trim()}`)
  return found.stdout
}

function said(ways: readonly Way[], unread: string | undefined): string {
  const lines = ways.flatMap(({ missing, notes, ...way }) => [
    `${way.service}: ${stateOf(way)}`,
    ...missing.flatMap(({ what, write }) => [`  missing: ${what}`, `    ${write}`]),
    ...notes.map(note => `  note: ${note}`),
  ])
  return [...(unread === undefined ? [] : [`note: ${unread}`]), ...lines].join('\n')
}

const stateOf = ({ state, asked }: Pick<Way, 'state' | 'asked'>): string =>
  state ?? (asked.length === 0 ? 'not asked about' : `asked about by ${asked.join(' and ')}`)
