// `cordon setup` beside Debian's Postfix, as a newcomer does it: it asks on a terminal, writes a configuration that observes, and with the lines
// that the doctor prints a mail passes and is seen.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { CLI } from '../support/program.ts'
import { command, cordon, eventually, run, startServer } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'
import { type LocalDns, localDns } from '../support/unbound.ts'

const ON_TERMINAL = join(import.meta.dirname, '../support/on-terminal.py')

let folder: string
let dns: LocalDns
let peer: Postfix

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-setup-'))
  dns = await localDns([
    'mx.postfix.example. A 192.0.2.1',
    '1.2.0.192.in-addr.arpa. PTR mx.postfix.example.',
    'postfix.example. TXT "v=spf1 mx -all"',
  ])
  peer = await postfix({ relayPort: 9, more: 'smtpd_authorized_xclient_hosts = 127.0.0.1' })
})

after(async () => {
  await peer?.stop()
  dns?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const words = (name: string): readonly string[] =>
  [
    `setup --to ${join(folder, name)} --data ${join(folder, 'data')}`,
    `--config-directory ${peer.etc} --resolver ${dns.server}`,
  ].flatMap(one => one.split(' '))

test('on a terminal it shows what it found, asks what it cannot know, and asks again what cannot be', async () => {
  const { code, output } = await run('python3', [
    ON_TERMINAL,
    'watch [beside]: =loudly',
    'Write beside, server, watch=watch',
    '[postmaster@postfix.example]: =noc@example.net',
    'empty: none: =198.51.100.0/24',
    '--',
    process.execPath,
    CLI,
    ...words('asked.yaml'),
  ])
  assert.match(output, /found {4}Postfix: mx\.postfix\.example/)
  assert.doesNotMatch(output, /Host name of this server|Domains whose/)
  assert.match(output, /Wrote .*asked\.yaml: it observes/, `${code}: ${output}`)
  const written = readFileSync(join(folder, 'asked.yaml'), 'utf8')
  assert.match(written, /^policyService:\n/m)
  assert.match(written, /noc@example\.net/)
  assert.match(written, /mynetworks: \["198\.51\.100\.0\/24"\]/)
  assert.equal(statSync(join(folder, 'asked.yaml')).mode & 0o777, 0o640)
})

test('without a terminal what is not answered is an error that names the option, and nothing is written', async () => {
  const { code, output } = await command(...words('none.yaml'))
  assert.equal(code, 2, output)
  assert.match(output, /--stands/)
  assert.ok(!existsSync(join(folder, 'none.yaml')))
})

test('the DNS is asked, each record is there or its line is said, and no file is written over', async () => {
  const first = await command(...words('names.yaml'), '--yes')
  assert.match(first.output, /good {5}address of mx\.postfix\.example: 192\.0\.2\.1/)
  assert.match(first.output, /good {5}reverse DNS of 192\.0\.2\.1/)
  assert.match(first.output, /good {5}SPF of postfix\.example/)
  assert.match(first.output, /write: _dmarc\.postfix\.example\. 3600 IN TXT "v=DMARC1/)
  const checked = await command('config', 'check', join(folder, 'names.yaml'))
  assert.equal(checked.code, 0, checked.output)
  const again = await command(...words('names.yaml'), '--yes')
  assert.equal(again.code, 1)
  assert.match(again.output, /--force/)
})

test('set up, started, with the lines of the doctor: a mail passes, and Cordon has seen it', async t => {
  const file = join(folder, 'cordon.yaml')
  await command(...words('cordon.yaml'), '--yes')
  // Others on this machine have the usual ports.
  const port = await freePort()
  const own = readFileSync(file, 'utf8').replace('port: 10032', `port: ${port}`)
  writeFileSync(file, `${own}http: { console: { port: 0 }, portal: { port: 0 } }\n`)
  const { server } = await startServer(file)
  t.after(() => server.kill())
  const doctor = () =>
    command('doctor', 'postfix', '--config', file, '--config-directory', peer.etc)
  const lines = linesFor((await doctor()).output)
  assert.ok(lines.length > 0)
  for (const line of lines) spawnSync('postconf', ['-c', peer.etc, '-e', line])
  spawnSync('postfix', ['-c', peer.etc, 'reload'], { timeout: 20_000 })
  assert.deepEqual(linesFor((await doctor()).output), [])
  await strangerSends(peer.port, 'From: ann@meadow.example\nSubject: seen\n\nhello', {
    to: [`inbox@${peer.domain}`],
  })
  await eventually(() => peer.taken().find(text => text.includes('Subject: seen')))
  const events = await eventually(async () => {
    const { output } = await cordon(folder, 'events', '198.51.100.7')
    return /tx-commit/.test(output) ? output : undefined
  })
  assert.match(events, /"rule":"reverse-dns".*"observed":true/)
  const status = await cordon(folder, 'status')
  assert.notEqual(status.code, 69, status.output)
  // No client of a milter sees one.
  assert.doesNotMatch(status.output, /certificate/i)
})

/** Lines for main.cf that the doctor says are missing. */
const linesFor = (output: string): readonly string[] =>
  [...output.matchAll(/^ {4}main\.cf: (\w+ = .*)$/gm)].map(([, line = '']) => line)
