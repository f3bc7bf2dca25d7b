// `cordon neighbourhood` (and `npm start`): Cordon with a small town around it, everything over real sockets.

import { writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { checkConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { scaledClock } from '../drivers/clock/clocks.ts'
import { hashPassword } from '../drivers/credentials/password-hash.ts'
import { heuristicScanner, noScanner } from '../drivers/scanners/heuristic.ts'
import { noisyScanner } from '../drivers/scanners/noisy.ts'
import { EPISODE_MODES, type EpisodeMode } from '../model/episode.ts'
import type { Cordon } from '../app/cordon.ts'
import { startCordon } from '../main.ts'
import { type OpenPlace, portsOf } from '../app/place.ts'
import { emptyTownFolder } from '../app/town-folder.ts'
import { townNames } from '../simulation/neighbourhood/names.ts'
import { type Outside, startOutside } from '../simulation/neighbourhood/outside.ts'
import { closingTable, complaints } from '../simulation/neighbourhood/report.ts'
import { type Router, startRouter } from '../simulation/neighbourhood/router.ts'
import { playStory } from '../simulation/neighbourhood/story.ts'
import { watch } from '../simulation/neighbourhood/watcher.ts'
import { devices } from '../simulation/neighbourhood/world.ts'
import { history, makePlan, type Plan, residentOf } from '../simulation/population/plan.ts'
import { OUR_DOMAIN, OUTSIDE } from '../simulation/population/town.ts'
import { type LiveView, type Renaming, plainView, terminalView } from './live-view.ts'
import { stopInOrder } from './stop-in-order.ts'
import { untilTold } from './until-told.ts'

type NeighbourhoodOptions = {
  seconds?: number
  seed: number
  sensitivity: number
  falsePositives: number
  scanner: 'heuristic' | 'none'
  episodes: EpisodeMode
  timeScale: number
  data: string
  report?: string
  quiet?: boolean
}

/** Six hours pass in a minute: long enough for people to have written, short enough to watch. */
const SCALE = 360
/** The kind of bot that hides in its owner's own mail. */
const IN_OWNERS_MAIL = 3
/** Without --seconds it goes on until Ctrl-C, with people only after the first story. */
const STORY = 60

export function neighbourhoodCommand(): Command {
  return new Command('neighbourhood')
    .option(
      '--seconds <n>',
      'seconds after which it ends; exit code 0 only if every check passed',
      positive,
    )
    .option('--seed <n>', 'seed of the plan; the same seed repeats the plan', wholeNumber, 1)
    .option('--sensitivity <share>', 'share of spam that the content filter finds', share, 0.9)
    .option(
      '--false-positives <share>',
      'share of clean mail that the content filter takes for spam',
      share,
      0.02,
    )
    .option('--scanner <which>', 'heuristic or none', oneOf('heuristic', 'none'), 'heuristic')
    .option(
      '--episodes <mode>',
      'how far evidence by episodes is in force: off, shadow, pace or decide',
      oneOf(...EPISODE_MODES),
      'decide',
    )
    .option(
      '--time-scale <n>',
      'factor by which time runs faster than the wall clock',
      positive,
      SCALE,
    )
    .option(
      '--data <folder>',
      'data folder of the town; it is made by this command and emptied at every start',
      './neighbourhood-data',
    )
    .option('--report <file>', 'write the result as JSON')
    .option('--quiet', 'print only the closing table')
    .action(run)
}

async function run(options: NeighbourhoodOptions): Promise<void> {
  // A signal while the neighbourhood starts stops it in order as soon as it stands.
  const told = untilTold()
  const seconds = options.seconds ?? STORY
  emptyTownFolder(options.data)
  const plan = makePlan(options.seed, seconds, options.timeScale)
  const outside = await startOutside()
  const router = await startRouter(devices(plan), outside.ports)
  const cordon = await startInTown(plan, options, { outside, router })

  const stop = new AbortController()
  void told.then(() => stop.abort())
  const view = viewFor(options, cordon, plan)
  cordon.events.listen(event => view?.take(event))
  const watcher = await watch(portOf(cordon, 'console'))
  const [, , , inbound = 0] = portsOf(cordon.places, 'smtp')
  const world = {
    plan,
    outside,
    router,
    watcher,
    inboundPort: inbound,
    portalPort: portOf(cordon, 'portal'),
    controlSocket: cordon.controlSocket,
  }
  const { report, end } = await playStory(world, stop.signal)
  const cut = stop.signal.aborted
  const { sensitivity, scanner, episodes } = options
  const how = { sensitivity, none: scanner === 'none', decides: episodes === 'decide' }
  // A story that was cut short had no time to come true.
  const wrong = cut ? [] : complaints(report, end, how)
  if (options.report) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`)
  if (options.seconds === undefined && !stop.signal.aborted) await told
  view?.close()
  console.log(closingTable(report))
  for (const sentence of closingWords(wrong, cut)) console.log(sentence)
  watcher.close()
  const ended = await stopInOrder(cordon)
  await router.close()
  await outside.close()
  const good = wrong.length === 0 && !(cut && options.seconds !== undefined)
  process.exit(good ? ended : 1)
}

async function startInTown(
  plan: Plan,
  options: NeighbourhoodOptions,
  around: { readonly outside: Outside; readonly router: Router },
): Promise<Cordon> {
  const { sensitivity, falsePositives, seed } = options
  const config = checkConfig(await configOf(plan, options, around))
  const noise = { sensitivity, falsePositives, seed }
  const clock = scaledClock(options.timeScale)
  const cordon = await startCordon(config, {
    clock,
    broken: error => {
      console.error(`cordon: a store cannot go on: ${error.message}`)
      process.exit(1)
    },
    resolver: townNames,
    scanner: options.scanner === 'none' ? noScanner : noisyScanner(heuristicScanner(), noise),
  })
  await cordon.engine.importHistory(history(plan, clock.now()))
  const [submission = 0, , redirected = 0] = portsOf(cordon.places, 'smtp')
  const firewallLog = portOf(cordon, 'firewall-log')
  around.router.serveCordon({ submission, redirected, firewallLog })
  return cordon
}

function closingWords(wrong: readonly string[], cut: boolean): readonly string[] {
  if (cut) return ['Stopped before the story was over; nothing is said of what held.']
  return wrong.length > 0
    ? wrong.map(sentence => `NOT AS IT SHOULD BE: ${sentence}`)
    : ['Everything held: every bot contained, no person hindered, nothing lost.']
}

/** The port of the only one of its kind. */
const portOf = ({ places }: Cordon, kind: OpenPlace['kind']): number =>
  portsOf(places, kind)[0] ?? 0

function viewFor(options: NeighbourhoodOptions, cordon: Cordon, plan: Plan): LiveView | undefined {
  const at = (kind: 'console' | 'portal') => `http://127.0.0.1:${portOf(cordon, kind)}/`
  if (options.quiet) return undefined
  const head = [
    `Cordon in its neighbourhood, seed ${options.seed}. Ctrl-C ends it.`,
    `live page  ${at('console')}`,
    `portal     ${at('portal')}  ${visitor(plan)}`,
  ]
  if (process.stdout.isTTY && process.env['TERM'] !== 'dumb')
    return terminalView(process.stdout, head, named)
  for (const line of head) console.log(line)
  return plainView(line => console.log(line), named)
}

/** A customer to log in as: an owner whose machine is infected, and stays so, has something to see. */
function visitor(plan: Plan): string {
  const bot = plan.bots.find(({ kind, ending }) => kind === IN_OWNERS_MAIL && ending === 'nothing')
  const { id, portalPassword } = residentOf(plan, bot?.owner ?? plan.residents[0]?.id ?? '')
  return `log in as ${id} with ${portalPassword}`
}

/** Lines and logins are those of people: `line:vera` and `login:vera@isp.example` are vera's. */
const named: Renaming = words =>
  words.replaceAll(/\b(line|login):([a-z]+)(?:@[\w.-]+)?/g, "$2's $1")

/** What the town's provider has configured. Unprivileged ports, whichever are free. */
async function configOf(
  plan: Plan,
  options: NeighbourhoodOptions,
  around: { outside: Outside; router: Router },
): Promise<Config | object> {
  // Forty proper hashes would take longer than a visitor's patience; real ones come from `cordon hash-password`.
  const hash = (password: string) => hashPassword(password, { memory: 8, passes: 1 })
  const forwarder = plan.residents.find(one => one.habit === 'forwarder')
  const proxied = { address: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.1'] }
  return {
    hostname: `mail.${OUR_DOMAIN}`,
    provider: 'Example Net',
    portal: 'the customer portal (portal.isp.example)',
    dataFolder: options.data,
    domains: [OUR_DOMAIN],
    // No server of the DNS is in this town; nothing is to be asked outside of it.
    resolvers: ['127.0.0.1:1'],
    listeners: [
      { kind: 'submission', ...proxied },
      { kind: 'submission', tls: 'implicit', ...proxied },
      { kind: 'redirected', ...proxied },
      { kind: 'inbound', address: '127.0.0.1', port: 0 },
    ],
    http: { console: { port: 0 }, portal: { port: 0 } },
    routes: Object.fromEntries(
      OUTSIDE.map(({ domain }, i) => [
        domain,
        { host: '127.0.0.1', port: around.outside.ports[i] },
      ]),
    ),
    evidence: { episodes: options.episodes },
    forwards: forwarder ? { [forwarder.login]: [forwarder.friends[0]] } : {},
    mailboxes: [`abuse-desk@${OUR_DOMAIN}`],
    subscribers: await Promise.all(
      plan.residents.map(
        async ({ id, plan: kind, flags, language, login, password, portalPassword }) => ({
          id,
          plan: kind,
          flags,
          language,
          portalPasswordHash: await hash(portalPassword),
          logins: [{ name: login, passwordHash: await hash(password) }],
        }),
      ),
    ),
    leases: plan.residents.map(({ id, lease }) => ({ subscriber: id, ...lease })),
    firewallLog: { port: 0, antiSpoofed: true },
    accessRouters: [{ host: '127.0.0.1', port: around.router.controlPort }],
  }
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('Write a number above 0.')
  return value
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Write a whole number.')
  return Number(text)
}

function share(text: string): number {
  const value = Number(text)
  if (!(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Write a share from 0 to 1, such as .9.')
  return value
}

function oneOf<T extends string>(...words: T[]): (text: string) => T {
  return text => {
    const found = words.find(word => word === text)
    if (!found) throw new InvalidArgumentError(`Write one of: ${words.join(', ')}.`)
    return found
  }
}
