// What tests run of the program, in a process of its own or in theirs: the source, or where CORDON_BUILT is the folder of a built one, that, which
// starts in half of the CPU time. The whole `npm test` builds one for itself (tools/built-for-tests.ts).

import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** Where the program is. */
export const HERE = process.env.CORDON_BUILT ?? ROOT

/** The command line of a tree of the source, or of a folder that one was built into. */
export const cliOf = (tree: string): string =>
  join(tree, existsSync(join(tree, 'cordon.js')) ? 'cordon.js' : 'src/cli/cordon.ts')

export const CLI = cliOf(HERE)

/** The file to run or import for a module, a path from the root: what was built of it, where it was. */
export function fileOf(module: string): string {
  const built = join(HERE, `${basename(module, '.ts')}.js`)
  return existsSync(built) ? built : join(ROOT, module)
}
