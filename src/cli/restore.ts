// `cordon restore FOLDER`: puts a backup into an empty data folder.

import { Command } from 'commander'
import { isUser } from '../app/folder-owner.ts'
import { restoreBackup } from '../drivers/backup/restore-backup.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT, sayingWhy } from './shared-options.ts'
import { megabytes, when } from './table.ts'

type RestoreOptions = { readonly data: string; readonly json?: true }

export function restoreCommand(): Command {
  return new Command('restore')
    .argument('<folder>', 'a backup; it is verified first')
    .requiredOption('--data <folder>', 'the data folder: an empty one, or one to be made')
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async (folder: string, { data, json }: RestoreOptions) => {
        process.umask(0o077)
        const { at, files, bytes, owner } = restoreBackup(folder, data)
        const text = `${data} is as it was at ${when(at)}: ${files} files, ${megabytes(bytes)}. Mail that has left the queue since then will be sent once more.${ownerWords(data, owner)}`
        if (json) sayJson({ done: true, text })
        else console.log(text)
      }),
    )
}

/** Where root made the folder, the user of the unit could not write it. */
const ownerWords = (data: string, owner: number): string =>
  owner === 0 && isUser('cordon')
    ? ` It belongs to root; where the user cordon runs Cordon write: chown -R cordon: ${data}`
    : ''
