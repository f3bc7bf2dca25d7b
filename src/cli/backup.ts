// `cordon backup FOLDER`: copies the data folder of a Cordon that runs or is stopped.

import { Command } from 'commander'
import { mustNotBeRootIn } from '../app/folder-owner.ts'
import { version } from '../app/version.ts'
import { takeBackup } from '../drivers/backup/take-backup.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { megabytes } from './table.ts'
import { usualData } from './usual-places.ts'
import type { ControlOptions } from './control-client.ts'

export function backupCommand(): Command {
  return controlOptions(
    new Command('backup').argument(
      '<folder>',
      'an empty folder, or one to be made; it will hold keys and mail',
    ),
  ).action(
    sayingWhy(async (to: string, options: ControlOptions) => {
      const data = options.data ?? (await usualData())
      // SQLite makes files beside a database that it reads.
      mustNotBeRootIn(data, process.geteuid?.(), 'backup')
      process.umask(0o077)
      const made = takeBackup({ data, to, version: version(), now: Date.now })
      if (options.json) sayJson({ done: true, text: `${data} is copied to ${to}`, ...made })
      else console.log(`${data} is copied to ${to}: ${made.files} files, ${megabytes(made.bytes)}.`)
    }),
  )
}
