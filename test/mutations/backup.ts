// What is promised of backups, and of looking at how things stand.

import type { Mutation } from './mutation.ts'

const BACKUP = 'src/drivers/backup/backup.test.ts'
const E2E = 'test/e2e/backup.test.ts'

export const BACKUPS: readonly Mutation[] = [
  {
    row: 54,
    what: 'a restore that was cut off leaves no mark',
    file: 'src/drivers/backup/restore-backup.ts',
    find: 'const mark = join(data, RESTORE_MARK)',
    replace: "const mark = join(data, 'restored')",
    test: 'src/drivers/backup/backup.test.ts',
  },
  {
    row: 14,
    what: 'a message whose body is gone stays in the backup',
    file: 'src/drivers/backup/take-backup.ts',
    find: 'if (!isStillThere)',
    replace: 'if (false as boolean)',
    test: BACKUP,
    name: 'a message that was delivered while its body was to be copied is in the copy no more',
  },
  {
    row: 14,
    what: 'a message that the queue has lost the body of goes from the backup without a word',
    file: 'src/drivers/backup/take-backup.ts',
    find: 'if (!isStillThere)',
    replace: 'if (true as boolean)',
    test: BACKUP,
    name: 'a message whose body the queue itself has lost stays in the copy, so that its loss is said there',
  },
  {
    row: 14,
    what: 'bodies are not in a backup',
    file: 'src/drivers/backup/take-backup.ts',
    find: 'WHERE file IS NOT NULL',
    replace: 'WHERE file IS NULL AND 0',
    test: E2E,
    name: 'a backup under load, restored on an empty machine, has all that was acknowledged before it',
  },
  {
    row: 62,
    what: 'a backup with other bytes than were copied is put back',
    file: 'src/drivers/backup/verify-backup.ts',
    find: "return sha256 === wanted.sha256 ? undefined : 'it has other bytes than were copied'",
    replace: 'return undefined',
    test: E2E,
    name: 'a damaged backup, a half of one and a folder in use are refused, and nothing is put back',
  },
  {
    row: 62,
    what: 'a list of a backup that was changed is believed',
    file: 'src/drivers/backup/manifest.ts',
    find: 'if (digest !== digestOf({ format, version, at, files })) throw',
    replace: 'if (false as boolean) throw',
    test: BACKUP,
    name: 'a list that was changed is refused',
  },
  {
    row: 55,
    what: 'a worry of the network needs no attention',
    file: 'src/cli/status.ts',
    find: 'worries > 0 || endsSoon',
    replace: 'endsSoon',
    test: 'src/cli/status.test.ts',
    name: 'a fault, a worry of the network and a certificate that ends need attention',
  },
  {
    row: 55,
    what: 'a resolver that answers nothing is no fault',
    file: 'src/drivers/lookups/watched-dns.ts',
    find: 'isSilence(error) ? (silentSince ?? now()) : undefined',
    replace: 'undefined',
    test: 'src/drivers/lookups/watched-dns.test.ts',
  },
  {
    row: 55,
    what: 'an operator whose address is refused is not named',
    file: 'src/drivers/delivery/settle.ts',
    find: 'if (isOwn(claim) && isFinal(reply, result))',
    replace: 'if (false as boolean)',
    test: 'src/drivers/delivery/own-mail.test.ts',
  },
]
