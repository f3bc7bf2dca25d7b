// Debian's notmuch, which decodes From and looks for addresses then: whom it shows as senders of messages.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Addresses, as many times as they are shown. */
export function notmuchSenders(messages: readonly Buffer[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-notmuch-'))
  try {
    const config = join(folder, 'config')
    const mail = join(folder, 'mail')
    for (const one of ['cur', 'new', 'tmp']) mkdirSync(join(mail, one), { recursive: true })
    writeFileSync(config, `[database]\npath=${mail}\n[user]\nname=x\nprimary_email=x@x.example\n`)
    for (const [i, message] of messages.entries())
      writeFileSync(join(mail, 'cur', `${i}:2,S`), message)
    const run = (...words: readonly string[]) =>
      execFileSync('/usr/bin/notmuch', words, {
        env: { ...process.env, NOTMUCH_CONFIG: config },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 64 * 1024 * 1024,
      })
    run('new')
    const shown = run('address', '--format=json', '--output=sender', '--deduplicate=no', '*')
    return (JSON.parse(shown) as { address: string }[]).map(({ address }) => address)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
