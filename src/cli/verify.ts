// `cordon verify FOLDER`: whether a backup is whole.

import { Command } from 'commander'
import { verifyBackup } from '../drivers/backup/verify-backup.ts'
import { NotSo } from './failures.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT, sayingWhy } from './shared-options.ts'
import { when } from './table.ts'

export function verifyCommand(): Command {
  return new Command('verify')
    .argument('<folder>', 'a backup')
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async (folder: string, { json }: { json?: true }) => {
        const { manifest, faults } = verifyBackup(folder)
        if (faults.length > 0) throw new NotSo(`${folder} is damaged. ${faults.join('; ')}`)
        const text = `${folder} is whole: ${manifest.files.length} files as of ${when(manifest.at)}, by Cordon ${manifest.version}.`
        if (json) sayJson({ done: true, text })
        else console.log(text)
      }),
    )
}
