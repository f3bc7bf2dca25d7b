// What a configuration was read from, as marks: so that reading it again costs little where nothing has changed, and so that only what has
// changed travels from the thread that reads it.

import { createHash } from 'node:crypto'
import type { Config } from '../config/schema.ts'
import { wholeFileNow } from '../wire/whole-file.ts'
import { fileMarks } from './file-marks.ts'
import { problemOfFile } from './regular-file.ts'

/** Plain JSON. */
export type Fingerprint = {
  readonly file: string
  /** A mark of the file's bytes. */
  readonly text: string
  /** A mark of the value of each key. */
  readonly keys: Readonly<Record<string, string>>
  /** A mark of each file that the configuration names, by its place. */
  readonly files: Readonly<Record<string, string>>
}

const KNOWN = new WeakMap<Config, Fingerprint>()

export const noteFingerprint = (config: Config, fingerprint: Fingerprint): void =>
  void KNOWN.set(config, fingerprint)

/** The fingerprint of a configuration that was read from a file. */
export const fingerprintOf = (config: Config): Fingerprint | undefined => KNOWN.get(config)

/** For an operator, who has to look whether the file is whole. */
export const fileOf = (config: Config): string => KNOWN.get(config)?.file ?? 'the configuration'

/** `text`: taken before the file was read, so that what was written meanwhile is seen the next time. */
export const fingerprinted = (
  config: Config,
  { file, text }: Pick<Fingerprint, 'file' | 'text'>,
): Fingerprint => ({
  file,
  text,
  keys: Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, hashOf(JSON.stringify(value) ?? '')]),
  ),
  files: marksOf(config),
})

export const marksOf = (config: Config): Readonly<Record<string, string>> =>
  Object.fromEntries([...fileMarks(config)].map(([place, { mark }]) => [place, mark]))

/** Of a file that cannot be read, or is none (a pipe would be waited for), there is none; the code that reads it says why. */
export const textMark = (file: string): string =>
  problemOfFile(file) === undefined ? hashOf(wholeFileNow(file).bytes) : ''

const hashOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('base64')
