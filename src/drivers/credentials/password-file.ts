// Passwords in a file that another program keeps: a line `login:hash` each, as `cordon hash-password` and Dovecot's passwd-file
// have it (`{ARGON2ID}$argon2id$v=19$…` or `{SCRAM-SHA-256}4096,…`; further fields are read past). Read again when it changes.

import { stat } from 'node:fs/promises'
import { foldAddress } from '../../model/mail-address.ts'
import { fileMark, wholeFile } from '../../wire/whole-file.ts'
import type { PasswordSource } from './ledger-credentials.ts'
import { matches } from './password-hash.ts'

/** ms between two checks whether the file has changed. */
const LOOK_AGAIN = 1000
/** Bytes of the file; a million lines have some 150 MB. */
const MOST = 512 * 1024 * 1024

export function passwordFile(
  path: string,
  trouble: (error: unknown, about: string) => void,
): PasswordSource {
  let hashes: ReadonlyMap<string, string> = new Map()
  let version = ''
  let looked = 0

  async function refresh(): Promise<void> {
    if (Date.now() - looked < LOOK_AGAIN) return
    looked = Date.now()
    try {
      if (fileMark(await stat(path)) === version) return
      const { bytes, mark } = await wholeFile(path, MOST)
      hashes = parsePasswords(bytes.toString('utf8'))
      version = mark
    } catch (error) {
      // The former passwords stay in force: a file that is being replaced must lock no customer out.
      trouble(error, `reading passwords from ${path}`)
    }
  }

  return {
    check: async (login, password) => {
      await refresh()
      const hash = hashes.get(login)
      return hash === undefined ? undefined : matches(hash, password)
    },
    hashOf: async login => {
      await refresh()
      return hashes.get(login)
    },
  }
}

/** Ignores lines that are no `login:hash`. */
export function parsePasswords(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match =
      /^([^#:\s][^:\s]*):(SCRAM-SHA-256\$\d+:[^:\s]+:[^:\s]+)/.exec(line.trim()) ??
      /^([^#:\s][^:\s]*):(?:\{ARGON2ID\})?([^:\s]+)/i.exec(line.trim())
    if (match) found.set(foldAddress(match[1] as string), match[2] as string)
  }
  return found
}
