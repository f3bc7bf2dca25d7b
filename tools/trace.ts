// `node tools/trace.ts`: one message and one piece of evidence, told by the files of src/ that they pass, in the order in which each is
// entered first. docs/how-it-works.md tells the same in words; a test compares the two. `--functions` prints their names, too.

import './trace/entered.ts'
import type { Entered } from './trace/entered.ts'

if (import.meta.main) {
  const { message, evidence } = await run()
  const withNames = process.argv.includes('--functions')
  print('one message', message, withNames)
  print('one piece of evidence', evidence, withNames)
}

/** After the hooks are in place, so that what it loads is marked. */
export async function run(): Promise<import('./trace/scenes.ts').Traced> {
  const { traced } = await import('./trace/scenes.ts')
  return traced()
}

function print(title: string, entered: readonly Entered[], withNames: boolean): void {
  console.log(`\n# ${title}`)
  for (const [file, calls] of Map.groupBy(entered, one => one.file))
    console.log(
      withNames ? `${file}: ${[...new Set(calls.map(call => call.name))].join(' ')}` : file,
    )
}
