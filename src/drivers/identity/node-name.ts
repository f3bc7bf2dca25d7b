// What this node is called in the ids of its events: a random name kept in the data folder, and a number that grows with every start.
// So no two events have the same id, whatever restarts, and however many nodes tell of them. Not a secret.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ledger } from '../../ports/ledger.ts'
import { randomLetters } from '../names/random-names.ts'

const LETTERS = 8

/** `NODE.BOOT`; resolves when the number is on disk, so that it is never given out again. */
export async function nodeName(
  folder: string,
  ledger: Pick<Ledger, 'records' | 'putRecord'>,
): Promise<string> {
  const boots = (await ledger.records('boot')).map(Number).filter(Number.isSafeInteger)
  const boot = Math.max(0, ...boots) + 1
  await ledger.putRecord('boot', 'last', String(boot))
  return `${kept(join(folder, 'node'))}.${boot}`
}

/** What cannot be read, or was cut short, is named anew: a name that nobody had is as good. */
function kept(path: string): string {
  const known = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  if (/^[0-9a-z]{8}$/.test(known)) return known
  const made = randomLetters(LETTERS).toLowerCase()
  writeFileSync(path, `${made}\n`, { mode: 0o600 })
  return made
}
