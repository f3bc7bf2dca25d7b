// The program as the source stands, built for one run of the tests and gone with it: nothing stale is ever tested. A start from the source reads
// and compiles 900 files, which is half of the CPU time of most tests of the program; so they start this one (test/support/program.ts), and those
// that are about the source, or change it while it is read, start that.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildProgram } from './build.ts'

/** What tests run in processes of their own, or start dozens of times in theirs. */
const ALSO = [
  'src/main.ts',
  'test/support/killed-child.ts',
  'test/support/paced-child.ts',
  'test/support/stops-with-a-hang.ts',
]

/** Sets CORDON_BUILT for the rest of this process, unless it is set. What was compiled of it is kept beside it: its place is another each time. */
export async function builtForTests(): Promise<void> {
  if (process.env.CORDON_BUILT !== undefined) return
  const folder = mkdtempSync(join(tmpdir(), 'cordon-built-'))
  // Some tests start it as another user.
  chmodSync(folder, 0o755)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'program')
  await buildProgram(program, { also: ALSO })
  process.env.CORDON_BUILT = program
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled')
}
