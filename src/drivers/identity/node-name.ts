// What this node is called in the ids of its events: a random name kept in the data folder, and a number that grows with every start.
// So no two events have the same id, whatever restarts, and however many nodes tell of them. Not a secret.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordRows } from '../../ports/records.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'
import { changeRecord } from '../ledger/change-record.ts'
import { randomLetters } from '../names/random-names.ts'

const LETTERS = 8
const BOOT = { kind: 'boot', id: 'last' }

/** `NODE.BOOT`; resolves when the number is on disk, so that it is never given out again. */
export async function nodeName(
  folder: string,
  records: Pick<RecordRows, 'get' | 'put' | 'remove'>,
  damaged: (words: string) => void = () => undefined,
): Promise<string> {
  const { one: boot } = await changeRecord<number>(records, BOOT, last =>
    Number.isSafeInteger(last) ? (last ?? 0) + 1 : 1,
  )
  return `${kept(join(folder, 'node'), damaged)}.${boot}`
}

/** What was cut short is named anew: a name that no node had is as good. Throws a sentence for what is no file: nothing could be kept in it. */
function kept(path: string, damaged: (words: string) => void): string {
  const known = existsSync(path) ? wholeFileNow(path).bytes.toString('utf8').trim() : ''
  if (/^[0-9a-z]{8}$/.test(known)) return known
  if (existsSync(path))
    damaged(`${path} was damaged: this node has a new name in the ids of its events`)
  const made = randomLetters(LETTERS).toLowerCase()
  writeFileSync(path, `${made}\n`, { mode: 0o600 })
  return made
}
