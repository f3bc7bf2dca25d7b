// The file of a configuration as YAML: what is wrong with it as a file, or as YAML, is said before anything in it is looked at.

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { ConfigError } from '../model/errors.ts'
import { MAX_BYTES, readYaml, type Source, textOf, tooLarge } from './source.ts'

/** How a line of the file is named. */
export const lineIn =
  (path: string) =>
  (line: number): string =>
    `${basename(path)}:${line}`

/** A file that ends with a newline if it is whole. Throws ConfigError. */
export function readSource(path: string): Source {
  const at = lineIn(path)
  const text = textOf(bytesOf(path), basename(path))
  if (text !== '' && !text.endsWith('\n'))
    throw new ConfigError(
      at(text.split('\n').length),
      'the file does not end with a newline: it may have been cut off',
      'Look whether it is whole, and write a newline at its end.',
    )
  return readYaml(text, at)
}

/** A pipe would be waited for, and a device has no end: neither is opened to be read. */
function bytesOf(path: string): Uint8Array {
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const found = fstatSync(file)
    if (found.isFile())
      return found.size > MAX_BYTES ? tooLarge(path, found.size) : readFileSync(file)
    const what = found.isDirectory() ? 'is a folder' : 'is no regular file, but a pipe or a device'
    throw new ConfigError(path, what, 'Write the configuration into a file, and give its path.')
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(path, whyNotRead(error), 'Check the path and its permissions.')
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function whyNotRead(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'does not exist'
  if (code === 'ENOTDIR') return 'is not inside a folder'
  return code === 'EACCES' ? 'may not be read by this user' : `cannot be read (${message})`
}
