import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'cordon-who-spams-'))
after(() => rmSync(folder, { recursive: true }))
const CLI = join(import.meta.dirname, 'cordon.ts')

/** Twelve messages, all refused as spam by others, twelve days before now. */
function logOf(name: string, begins: string): string {
  const began = Date.now() - 12 * 86_400_000
  const lines = Array.from({ length: 12 }, (_, i) => {
    const at = `${new Date(began + i * 1_800_000).toISOString()} mx postfix`
    const id = `4F1A2B3C${10 + i}`
    return [
      `${at}/${begins.startsWith('uid') ? 'pickup' : 'smtpd'}[1]: ${id}: ${begins}`,
      `${at}/qmgr[2]: ${id}: from=<a@b.example>, size=9, nrcpt=1 (queue active)`,
      `${at}/smtp[3]: ${id}: to=<u@d${i}.example>, relay=mx[198.51.100.1]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx said: 550 5.7.1 spam)`,
    ].join('\n')
  })
  const file = join(folder, name)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

const asked = (...more: readonly string[]) =>
  spawnSync(process.execPath, [CLI, 'who-spams', ...more], { encoding: 'utf8', timeout: 60_000 })

test('--explain takes the name that the table prints', () => {
  const file = logOf('user.log', 'uid=33 from=<www-data>')
  assert.match(asked(file).stdout, /^user:33 +likely/m)
  for (const name of ['user:33', '33']) {
    const { status, stdout } = asked('--explain', name, file)
    assert.equal(status, 0, name)
    assert.match(stdout, /user\.log:1: /)
  }
})

test('a login that is called as another kind of sender is a login', () => {
  const login = 'client=x[192.0.2.7], sasl_method=PLAIN, sasl_username=user:root'
  const file = logOf('login.log', login)
  assert.match(asked(file).stdout, /^login:user:root +likely/m)
  assert.equal(asked('--explain', 'login:user:root', file).status, 0)
})

test('--since counts back from the last line of the log, and says so', () => {
  const file = logOf('old.log', 'uid=33 from=<www-data>')
  const { stdout } = asked('--since', '24h', file)
  assert.match(stdout, /^user:33 +likely/m)
  assert.match(
    stdout,
    /Weighed from \d{4}-\S+ on: the 24h before the last line, which is 1\dd\S* old/,
  )
})

test('names that turn what is read are printed as their numbers', () => {
  const login = 'client=x[192.0.2.7], sasl_method=PLAIN, sasl_username=a\u202enimda'
  const { stdout } = asked(logOf('turned.log', login))
  assert.match(stdout, /a\\x202enimda/)
  assert.ok(!stdout.includes('\u202e'))
})
