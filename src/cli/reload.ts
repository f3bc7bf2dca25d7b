// `cordon reload`: the running Cordon reads its configuration again, and says what has changed.

import { Command } from 'commander'
import type { ReloadAnswer } from '../ports/reload.ts'
import { askReload, type ControlOptions } from './control-client.ts'
import { EXIT } from './failures.ts'
import { sayFailed } from './in-json.ts'
import { controlOptions, sayingWhy, sayOutcome } from './shared-options.ts'

const CODES: Readonly<Record<Exclude<ReloadAnswer['outcome'], 'done'>, number>> = {
  unwritten: EXIT.notSo,
  refused: EXIT.notSo,
  'bad-file': EXIT.config,
}

export function reloadCommand(): Command {
  return controlOptions(
    new Command('reload')
      .option(
        '--despite <why>',
        'take it although domains, listeners, settings, mailboxes or many customers are gone; the reason is audited',
      )
      .option(
        '--dry-run',
        'change nothing; say what would be different, and which lines would open or close',
      ),
  ).action(
    sayingWhy(async (options: ControlOptions & { despite?: string; dryRun?: true }) => {
      const { despite, dryRun } = options
      const { outcome, text } = await askReload(options, {
        ...(despite === undefined ? {} : { despite }),
        ...(dryRun ? { dryRun } : {}),
      })
      if (outcome === 'done') sayOutcome(options, { done: true, text })
      else sayFailed(options.json === true, text, CODES[outcome])
    }),
  )
}
