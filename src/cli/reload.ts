// `cordon reload`: the running Cordon reads its configuration again, and says what has changed.

import { Command } from 'commander'
import type { ReloadAnswer } from '../ports/reload.ts'
import { askReload, type ControlOptions } from './control-client.ts'
import { EXIT } from './failures.ts'
import { controlOptions } from './shared-options.ts'

const CODES: Readonly<Record<ReloadAnswer['outcome'], number>> = {
  done: 0,
  unwritten: EXIT.notSo,
  refused: EXIT.notSo,
  'bad-file': EXIT.config,
}

export function reloadCommand(): Command {
  return controlOptions(
    new Command('reload').option(
      '--despite <why>',
      'take it although domains, listeners, settings, mailboxes or many customers are gone; the reason is audited',
    ),
  ).action(async (options: ControlOptions & { despite?: string }) => {
    const answer = await askReload(options, options.despite)
    const { outcome, text } = answer
    if (options.json) console.log(JSON.stringify(answer, null, 2))
    else if (outcome === 'done') console.log(text)
    else console.error(text)
    process.exitCode = CODES[outcome]
  })
}
