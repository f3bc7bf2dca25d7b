// `npm test`: everything. First the Debian packages the tests need (installed when root, named otherwise), then what
// `npm run check` does, then every test that crosses folders. Ends with the plain count.

import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'

/** Program -> the package it comes from. */
const NEEDED: Readonly<Record<string, string>> = {
  '/usr/bin/strace': 'strace',
  '/usr/sbin/smtp-source': 'postfix',
  '/usr/bin/msmtp': 'msmtp',
  '/usr/sbin/unbound': 'unbound',
  '/usr/lib/dovecot/lmtp': 'dovecot-lmtpd',
  '/usr/lib/dovecot/imap': 'dovecot-imapd',
  '/usr/bin/python3': 'python3',
  '/usr/bin/curl': 'curl',
}

installMissing()
const check = spawnSync(process.execPath, ['tools/check.ts'], { stdio: 'inherit' })
const files = globSync('test/**/*.test.ts').filter(file => file !== 'test/architecture.test.ts')
const tests = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=2', '--test-reporter=spec', ...files],
  { stdio: 'inherit' },
)
process.exit(check.status === 0 && tests.status === 0 ? 0 : 1)

function installMissing(): void {
  const missing = Object.entries(NEEDED).flatMap(([program, name]) =>
    existsSync(program) ? [] : [name],
  )
  if (missing.length === 0) return
  const packages = [...new Set(missing)]
  if (process.getuid?.() !== 0) {
    console.error(
      `These Debian packages are missing and only root can install them: apt-get install ${packages.join(' ')}`,
    )
    process.exit(1)
  }
  console.log(`installing ${packages.join(', ')} from Debian`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const run = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
    if (run.status !== 0) {
      console.error(`apt-get ${args.join(' ')} failed`)
      process.exit(1)
    }
  }
}
