// The thread in which a configuration is read again: six megabytes of YAML are seconds of work, and the engine's thread has mail to answer
// meanwhile. It tells what has changed since the one that is known, large lists in pieces, each when it is asked for.

import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type Footprint, footprintOf } from '../config/brake.ts'
import type { Config } from '../config/schema.ts'
import { type Written, writtenIn } from '../config/written.ts'
import { ConfigError } from '../model/errors.ts'
import { readConfiguration } from './configured-files.ts'
import { type Fingerprint, fingerprintOf } from './fingerprint.ts'

export type ToRead = { readonly file: string; readonly keys: Fingerprint['keys'] }

/** Plain JSON. */
export type ReadThere =
  | { readonly mistakes: string }
  | { readonly key: string; readonly value: unknown }
  /** A piece of a list, or of a section with free names: entries, or pairs of name and entry. */
  | { readonly key: string; readonly of: 'list'; readonly entries: readonly unknown[] }
  | {
      readonly key: string
      readonly of: 'section'
      readonly entries: readonly (readonly [string, unknown])[]
    }
  | {
      readonly order: readonly string[]
      readonly footprint: Footprint
      readonly written: readonly Written[]
      readonly fingerprint: Fingerprint
    }

/** Entries of one piece: of customers some hundred kilobytes, and a few milliseconds for the thread that takes them. */
export const PIECE = 250

if (!isMainThread && parentPort) read(workerData as ToRead, parentPort)

function read(wanted: ToRead, main: MessagePort): void {
  const told = readThere(wanted)
  const next = () => {
    const { value, done } = told.next()
    if (done === true) main.close()
    else main.postMessage(value)
  }
  main.on('message', next)
  next()
}

/** The last is what holds for all of it. */
function* readThere({ file, keys }: ToRead): Generator<ReadThere, void> {
  let config: Config
  try {
    config = readConfiguration(file)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    yield { mistakes: error.message }
    return
  }
  const fingerprint = fingerprintOf(config) as Fingerprint
  for (const [key, value] of Object.entries(config))
    if (fingerprint.keys[key] !== keys[key]) yield* inPieces(key, value)
  const written = writtenIn(config) ?? []
  yield { order: Object.keys(config), footprint: footprintOf(config), written, fingerprint }
}

function* inPieces(key: string, value: unknown): Iterable<ReadThere> {
  if (Array.isArray(value) && value.length > PIECE)
    for (const entries of piecesOf<unknown>(value)) yield { key, of: 'list', entries }
  else if (isLongSection(value))
    for (const entries of piecesOf(Object.entries(value))) yield { key, of: 'section', entries }
  else yield { key, value }
}

function isLongSection(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).length > PIECE
}

function* piecesOf<T>(all: readonly T[]): Iterable<readonly T[]> {
  for (let from = 0; from < all.length; from += PIECE) yield all.slice(from, from + PIECE)
}
