// A reload that is only tried: what would be different, whether it would be refused, and which lines would open or close. Nothing changes.

import type { Config } from '../config/schema.ts'
import { linesInWords } from '../engine/orders/lines-changed.ts'
import type { InTurn } from '../model/in-turn.ts'
import type { ReloadAnswer } from '../ports/reload.ts'
import { filesInWords } from './files-in-words.ts'
import type { LinesUnder } from './lines-under.ts'
import { counted, differencesIn, shortened } from './reload-words.ts'
import { tablesInWords } from './tables-in-words.ts'
import type { Settings } from './settings.ts'

type Trying = {
  readonly settings: Settings
  readonly inTurn: InTurn
  readonly linesUnder: LinesUnder
  /** Why it would be refused. */
  readonly against: string | undefined
}

/** Throws where a reload would. */
export async function reloadTried(
  next: Config,
  { settings, inTurn, linesUnder, against }: Trying,
): Promise<ReloadAnswer> {
  const before = settings.inForce()
  const [{ later, files }, changed] = await inTurn(async () => [
    await settings.rehearse(next),
    await linesUnder(before, next),
  ])
  const lines = [...filesInWords(files), ...differencesIn(before, next, later)]
  const many = counted(lines.length, 'setting or file', 'settings or files')
  const said = [
    `Nothing was changed (dry run). ${many === '' ? 'Nothing would change.' : `${many} would change:`}`,
    ...shortened(lines),
    ...(against === undefined ? [] : [`It would be refused: ${against}`]),
    ...tablesInWords(before, next),
    linesInWords(changed),
  ]
  return { outcome: 'done', text: said.join('\n') }
}
