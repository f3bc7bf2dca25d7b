// Reading the configuration again, on a signal or an order: the difference is told, what must not be lost needs a reason, and everything is
// audited. What was in force last is remembered in the ledger, so that a start with a file that was cut off is refused as well.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { footprintOf, type Footprint, losesEverything, lossesOf } from '../config/brake.ts'
import { footprintInForce, goneFromInForce, type ConfigsInForce } from '../config/in-force.ts'
import type { Config } from '../config/schema.ts'
import { changeRecord } from '../drivers/ledger/change-record.ts'
import { parseBody } from '../drivers/ledger/parse-row.ts'
import { ConfigError } from '../model/errors.ts'
import type { Engine } from '../ports/engine.ts'
import type { Audit } from '../ports/audit.ts'
import type { RecordRows } from '../ports/records.ts'
import type { Reload, ReloadAnswer, ReloadRequest } from '../ports/reload.ts'
import { linesUnder } from './lines-under.ts'
import { reloadTried } from './reload-tried.ts'
import { counted, differencesIn, shortened } from './reload-words.ts'
import type { CustomersOwn } from './customers-own.ts'
import type { Directory } from './directory.ts'
import type { Stores } from './stores.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import type { Scope } from './scope.ts'
import { fileOf } from './fingerprint.ts'
import { filesInWords } from './files-in-words.ts'
import { sentenceOf } from './sentence-of.ts'
import type { Settings } from './settings.ts'
import { waitingLogins } from './waiting-logins.ts'
import type { Overrides, World } from './world.ts'

/** Record of the ledger that holds the footprint. */
const IN_FORCE = { kind: 'configuration', id: 'in-force' }

type Remembering = Pick<RecordRows, 'get' | 'put' | 'remove'>

/** Compares with the footprint of the last configuration; resolves with what is missing. Throws ConfigError when that needs a reason and none was given. */
export async function checkAgainstLast(
  { records, audit }: { readonly records: Remembering; readonly audit: Pick<Audit, 'add'> },
  config: Config,
  { despite, at }: { readonly despite: string | undefined; readonly at: number },
): Promise<readonly string[]> {
  const before = await rememberedIn(records)
  const losses = before ? lossesOf(before, footprintOf(config)) : []
  if (losses.length === 0) return losses
  if (despite === undefined)
    throw ConfigError.of(
      shortened(losses).map(problem => ({
        where: 'configuration',
        problem: `${problem} since it was last in force`,
        advice: `Look whether ${fileOf(config)} is whole. If the loss is meant, start once with cordon serve --config FILE --despite "WHY".`,
      })),
    )
  const given = { order: { kind: 'start', despite }, actor: STARTER, at }
  await audit.add(given, { done: true, text: losses.join('; ') })
  return losses
}

const STARTER = { kind: 'staff', name: 'cordon serve' } as const

async function rememberedIn(records: Remembering): Promise<Footprint | undefined> {
  const row = await records.get(IN_FORCE.kind, IN_FORCE.id)
  return row && parseBody<Footprint>('records', row.id, row.body)
}

/** Saves the footprint of the configuration in force, for the check at the next start. */
export const remember = (records: Remembering, config: Config): Promise<unknown> =>
  keep(records, footprintOf(config))

const keep = (records: Remembering, footprint: Footprint): Promise<unknown> =>
  changeRecord<Footprint>(records, IN_FORCE, () => footprint)

export type ReloadNeeds = {
  readonly config: Config
  /** What was in force before this start and is not in `config`. */
  readonly lost: readonly string[]
  /** Reads the file. Throws ConfigError. Absent where there is none (`npm start`). */
  readonly reread: Overrides['reread']
  readonly engine: Pick<Engine, 'report'>
  readonly world: Pick<World, 'now' | 'trouble'>
  readonly stores: Pick<Stores, 'ledger'>
  /** `inTurn`: no other code changes the customers while this does. */
  readonly directory: Pick<Directory, 'subscribers' | 'leases' | 'inTurn'>
  readonly network: readonly NetworkControl[]
  readonly customers: Pick<CustomersOwn, 'engine'>
}

export function openReload(scope: Scope, settings: Settings, needs: ReloadNeeds): Promise<Reload> {
  const { engine, world, directory, network, customers } = needs
  const { ledger } = needs.stores
  const { records, audit } = ledger
  const { inTurn } = directory
  const under = linesUnder({ ledger, directory, network, customers, now: world.now })
  tellLost(needs)
  /** The configuration that was last read and taken, with what waits for a restart. */
  let agreed = needs.config
  const standing = (): ConfigsInForce => ({
    started: needs.config,
    agreed,
    inForce: settings.inForce(),
  })
  let stopping = false
  /** Requested reloads that have not begun, by requester and reason: an equal request joins one, because both read the same file. Bounds a loop of signals. */
  const waiting = new Map<string, Promise<ReloadAnswer>>()
  let running: Promise<unknown> = Promise.resolve()

  async function carryOut(request: ReloadRequest): Promise<ReloadAnswer> {
    if (stopping) return refused('Cordon is stopping; nothing was read.')
    if (!needs.reread) return refused('There is no file to read again.')
    try {
      const next = await needs.reread(agreed)
      // An unchanged file loses nothing.
      const against =
        next === agreed ? undefined : whatSpeaksAgainst(standing(), next, request.despite)
      if (request.dryRun)
        return await reloadTried(next, { settings, inTurn, linesUnder: under, against })
      if (against !== undefined) return refused(against)
      await nextTurn()
      const before = settings.inForce()
      const { later, files, unwritten } = await inTurn(() => settings.reload(next))
      for (const error of unwritten) world.trouble(error, 'writing what was read again')
      agreed = next
      await nextTurn()
      await keep(records, footprintInForce(standing())).catch(error =>
        world.trouble(error, 'remembering a reload'),
      )
      const lines = differencesIn(before, next, later)
      const waiters = waitingLogins(next, settings.inForce().domains)
      return takenAnswer({ lines, renewed: filesInWords(files), waiters, unwritten })
    } catch (error) {
      const isBad = error instanceof ConfigError
      return {
        outcome: isBad ? 'bad-file' : 'refused',
        text: `${isBad ? error.message : sentenceOf(error)}\nNothing was changed.`,
      }
    }
  }

  async function audited(request: ReloadRequest): Promise<ReloadAnswer> {
    const answer = await carryOut(request)
    const { by, isSignal, despite, dryRun } = request
    const at = world.now()
    const order = {
      kind: 'reload',
      ...(despite === undefined ? {} : { despite }),
      ...(dryRun ? { dryRun } : {}),
    }
    const why = despite === undefined ? '' : `despite: ${despite}\n`
    const outcome = { done: answer.outcome === 'done', text: `${why}${answer.text}` }
    const actor = { kind: isSignal ? 'signal' : 'staff', name: by } as const
    engine.report({
      kind: 'order-given',
      at,
      actor: `${actor.kind} ${by}`,
      order: 'reload',
      target: 'the configuration',
      outcome,
    })
    await audit
      .add({ order, actor, at }, outcome)
      .catch(error => world.trouble(error, 'auditing a reload'))
    return answer
  }

  return scope.open(
    'reload',
    () => request => {
      const key = JSON.stringify([request.by, request.isSignal, request.despite, request.dryRun])
      const same = waiting.get(key)
      if (same) return same
      const mine = running.then(() => {
        // It may have read the file from now on: later requests need another reload.
        waiting.delete(key)
        return audited(request)
      })
      waiting.set(key, mine)
      running = mine.catch(() => undefined)
      return mine
    },
    {
      drain: () => {
        stopping = true
        return running
      },
    },
  )
}

type TakenConfig = {
  readonly lines: readonly string[]
  readonly renewed: readonly string[]
  readonly waiters: readonly string[]
  readonly unwritten: readonly unknown[]
}

function takenAnswer({ lines, renewed, waiters, unwritten }: TakenConfig): ReloadAnswer {
  const isWritten = unwritten.length === 0
  const lost =
    'Some of it could not be written to disk and may not be in force; see the log. It is tried again every minute, so make room.'
  return {
    outcome: isWritten ? 'done' : 'unwritten',
    text: [
      headline(lines, renewed),
      ...shortened([...renewed, ...lines]),
      ...waiters,
      ...(isWritten ? [] : [lost]),
    ].join('\n'),
  }
}

/** What was lost since the last start, with a reason. */
function tellLost({ lost, engine, world }: Pick<ReloadNeeds, 'lost' | 'engine' | 'world'>): void {
  for (const text of lost)
    engine.report({
      kind: 'order-given',
      at: world.now(),
      actor: `staff ${STARTER.name}`,
      order: 'start',
      target: 'the configuration',
      outcome: { done: true, text },
    })
}

function headline(settings: readonly string[], files: readonly string[]): string {
  const what = [counted(settings.length, 'setting'), counted(files.length, 'file')].filter(Boolean)
  if (what.length === 0) return 'Read again; nothing has changed.'
  const verb = settings.length + files.length === 1 ? 'has' : 'have'
  return `Read again; ${what.join(' and ')} ${verb} changed:`
}

const refused = (text: string): ReloadAnswer => ({ outcome: 'refused', text })

/** Why the configuration is refused, in one sentence; undefined when it is accepted. */
function whatSpeaksAgainst(
  standing: ConfigsInForce,
  next: Config,
  despite: string | undefined,
): string | undefined {
  const [old, now] = [footprintOf(standing.agreed), footprintOf(next)]
  if (losesEverything(old, now))
    return `None of the domains it had (${old.domains.slice(0, 5).join(', ')}) is left. Nothing was changed. Look whether ${fileOf(next)} is whole. If the loss is meant, stop Cordon, and start it once with cordon serve --despite "WHY".`
  const losses = lossesOf(footprintInForce(standing), now, goneFromInForce(standing, next))
  if (losses.length === 0 || despite !== undefined) return undefined
  return `Nothing was changed, because of what would be lost: ${shortened(losses).join('; ')}. Look whether ${fileOf(next)} is whole. If the loss is meant, say cordon reload --despite "WHY"; a signal (SIGHUP) cannot say why.`
}
