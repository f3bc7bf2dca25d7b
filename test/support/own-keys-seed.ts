// A certificate and a DKIM key that were made before: a server that finds them starts in two thirds of the CPU time. Each still makes a secret
// of its own, as two servers must not know each other's.

import { existsSync, mkdirSync, copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ownKeys } from '../../src/drivers/identity/own-keys.ts'

/** Kept with what was compiled. */
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/test-keys')
const FILES = ['dkim.pem', 'tls-key.pem', 'tls-certificate.pem']

export async function seedKeys(data: string, config: string): Promise<void> {
  const [, hostname] = /^hostname: ([\w.-]+)$/m.exec(config) ?? []
  const keys = join(data, 'keys')
  if (hostname === undefined || existsSync(keys)) return
  const made = join(CACHE, hostname)
  if (!existsSync(made)) await make(made, hostname)
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  for (const file of FILES) copyFileSync(join(made, file), join(keys, file))
}

/** Another process may do so at the same moment: whoever is second throws theirs away. */
async function make(made: string, hostname: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'new-'))
  await ownKeys(folder, hostname)
  try {
    renameSync(join(folder, 'keys'), made)
  } catch (error) {
    if (!existsSync(made)) throw error
  }
  rmSync(folder, { recursive: true, force: true })
}
