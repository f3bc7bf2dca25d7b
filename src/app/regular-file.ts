// Files that the configuration names are read whole, at once: a pipe would be waited for, and a device has no end.

import { accessSync, constants, statSync } from 'node:fs'
import { fileProblem } from './sentence-of.ts'

/** What is wrong with a file that is to be read, and what to do; undefined when it can be. Opens nothing. */
export function problemOfFile(
  path: string,
): { readonly problem: string; readonly advice: string } | undefined {
  try {
    const found = statSync(path)
    if (found.isFile()) {
      accessSync(path, constants.R_OK)
      return undefined
    }
    const what = found.isDirectory() ? 'is a folder; a file is wanted there' : 'is no regular file'
    return { problem: `${path} ${what}`, advice: 'Write the path of a file.' }
  } catch (error) {
    return { problem: fileProblem(error, path), advice: 'Check the path and its permissions.' }
  }
}
