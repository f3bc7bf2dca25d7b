// Reads a configuration again while mail goes on. A file that is as it was, with all it names, is not read at all; any other is read in a
// thread of its own, and what has not changed stays the very object it was, so that no part has to compare it.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { noteFootprint } from '../config/brake.ts'
import { deepFreeze } from '../config/load.ts'
import { same } from '../config/differs.ts'
import type { Config } from '../config/schema.ts'
import { noteAsWritten } from '../config/written.ts'
import { ConfigError } from '../model/errors.ts'
import { fingerprintOf, marksOf, noteFingerprint } from './fingerprint.ts'
import { openRegular } from '../wire/whole-file.ts'
import type { ReadThere, ToRead } from './reading-thread.ts'

/** Throws ConfigError. `agreed` is what it gave the last time, or what was read at the start. */
export async function readAgain(file: string, agreed: Config): Promise<Config> {
  const known = fingerprintOf(agreed)
  const isAsBefore =
    known !== undefined && (await markOf(file)) === known.text && same(marksOf(agreed), known.files)
  return isAsBefore ? agreed : readElsewhere({ file, keys: known?.keys ?? {} }, agreed)
}

/** As `textMark`, a piece at a time. */
async function markOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream('', { fd: openRegular(file) }))
      hash.update(piece as Uint8Array)
    return hash.digest('base64')
  } catch {
    return ''
  }
}

/** Much garbage is made by a parser; with this room it is collected rarely. */
const MEMORY = { maxYoungGenerationSizeMb: 64 }

function readElsewhere(wanted: ToRead, agreed: Config): Promise<Config> {
  const { promise, resolve, reject } = Promise.withResolvers<Config>()
  const thread = new Worker(new URL('./reading-thread.ts', import.meta.url), {
    workerData: wanted,
    resourceLimits: MEMORY,
  })
  const put = puttingTogether(agreed)
  thread.on('message', (told: ReadThere) => {
    try {
      const whole = put(told)
      if (whole) resolve(whole)
      else thread.postMessage('more')
    } catch (error) {
      reject(error)
    }
  })
  thread.on('error', reject)
  thread.on('messageerror', reject)
  thread.on('exit', code => reject(new Error(`the thread that reads it ended with code ${code}`)))
  return promise.finally(() => void thread.terminate())
}

/** Takes what is told, one after the other; the whole at the end. Throws ConfigError. */
function puttingTogether(agreed: Config): (told: ReadThere) => Config | undefined {
  const changed = new Map<string, unknown>()
  const lists = new Map<string, unknown[]>()
  const sections = new Map<string, (readonly [string, unknown])[]>()
  return told => {
    if ('mistakes' in told) throw ConfigError.told(told.mistakes)
    if ('order' in told) return whole(told)
    if ('value' in told) changed.set(told.key, deepFreeze(told.value))
    else if (told.of === 'list') lists.set(told.key, joined(lists.get(told.key), told.entries))
    else sections.set(told.key, joined(sections.get(told.key), told.entries))
    return undefined
  }

  function whole({ order, footprint, written, fingerprint }: Last): Config {
    for (const [key, entries] of lists) changed.set(key, Object.freeze(entries))
    for (const [key, pairs] of sections) changed.set(key, Object.freeze(Object.fromEntries(pairs)))
    const values: Readonly<Record<string, unknown>> = { ...agreed }
    const config = Object.freeze(
      Object.fromEntries(
        order.map(key => [key, changed.has(key) ? changed.get(key) : values[key]]),
      ),
    ) as Config
    noteAsWritten(config, written)
    noteFootprint(config, footprint)
    noteFingerprint(config, fingerprint)
    return config
  }
}

type Last = Extract<ReadThere, { readonly order: unknown }>

/** In place: of twenty thousand there are eighty pieces. */
function joined<T>(before: T[] = [], entries: readonly T[]): T[] {
  for (const one of entries) before.push(deepFreeze(one))
  return before
}
