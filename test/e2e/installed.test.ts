// The Debian package, installed by dpkg on a machine of its own: set up, run as its unit says, upgraded under mail, removed and purged. And the
// steps of the Containerfile, done by hand on such a machine: no engine for containers runs here.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { buildProgram } from '../../tools/build.ts'
import { makePackage } from '../../tools/package.ts'
import { ACTIVE, asUnit, type Machine, startMachine } from '../support/machine-of-its-own.ts'
import { run } from '../support/serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-debian-'))
const UNIT = '/usr/lib/systemd/system/cordon.service'
let machine: Machine
let first: string
let second: string

const built = join(folder, 'built')

before(async () => {
  await buildProgram(built)
  first = await makePackage(folder, { built, plain: true })
  const later = join(folder, 'later')
  cpSync(built, later, { recursive: true })
  withOtherChunks(later)
  second = await makePackage(folder, { built: later, version: '0.1.1', plain: true })
  machine = await startMachine()
})
after(async () => {
  await machine.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function done(words: string): Promise<string> {
  const { code, output } = await machine.sh(words)
  assert.equal(code, 0, `${words}: ${output}`)
  return output
}
const install = (file: string) => done(`dpkg -i --force-unsafe-io ${file}`)

test('installed: a user and an empty folder for the configuration; nothing is enabled, and nothing runs', async () => {
  assert.match(await install(first), /nothing runs yet\. 'cordon setup'/)
  assert.deepEqual(await machine.told(), ['daemon-reload'])
  assert.equal(await done("stat -c '%a %U %G' /etc/cordon"), '750 root cordon\n')
  assert.match(await done('getent passwd cordon'), /:\/var\/lib\/cordon:\/usr\/sbin\/nologin$/m)
  assert.equal(await done('cordon --version'), `${versionOf(first)}\n`)
  await done('dpkg --verify cordon')
  // It asks for systemd's own units, too.
  assert.doesNotMatch(await done(`systemd-analyze verify ${UNITS} 2>&1`), /cordon/)
  assert.doesNotMatch(await done(`cat ${UNITS}`), /\/opt\/|\/usr\/local\//)
})

test('set up, run with the rights of its unit, upgraded while it runs, removed: mail stays', async t => {
  await done(`cordon setup --yes ${SETUP}`)
  assert.equal(await done("stat -c '%a %U %G' /etc/cordon/cordon.yaml"), '640 root cordon\n')
  const hash = await hashPassword('secret', { memory: 8, passes: 1 })
  const customer = `[{ id: "1", logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }]`
  await done(`sed -i 's|^subscribers: .*|holdDelivery: true\\nsubscribers: ${customer}|' ${CONFIG}`)

  const before = await start()
  t.after(() => before.kill('SIGKILL'))
  await submit()
  assert.match(await done('cordon queue list'), /bob@meadow\.example/)
  await cannotWrite(before)

  await done(': > /run/systemctl-told')
  const said = await install(second)
  assert.doesNotMatch(said, /does not run|nothing runs|Configuration file/)
  assert.deepEqual(await machine.told(), [
    'daemon-reload',
    'daemon-reload',
    'restart cordon.service',
  ])
  // What it runs from is not there any more.
  assert.equal(await end(before), 0)
  assert.equal(await done('cordon --version'), '0.1.1\n')
  const then = await start()
  t.after(() => then.kill('SIGKILL'))
  assert.match(await done('cordon queue list'), /bob@meadow\.example/)
  assert.equal(await end(then), 0)

  assert.match(
    await done('dpkg -r cordon'),
    /mail, customers and journal are still in \/var\/lib\/cordon/,
  )
  const told = (await machine.told()).join('\n')
  for (const order of ['stop', '--quiet disable'])
    assert.match(told, new RegExp(`^${order} (?=.*cordon\\.socket)(?=.*cordon\\.service)`, 'm'))
  await done('test ! -e /usr/lib/cordon && test ! -e /usr/bin/cordon')
  await done(`test -s ${CONFIG} && test -s /var/lib/cordon/spool/spool.db`)

  // As if it had never been away.
  assert.match(await install(second), /it does not run\. 'systemctl enable --now cordon'/)
  const again = await start()
  t.after(() => again.kill('SIGKILL'))
  assert.match(await done('cordon queue list'), /bob@meadow\.example/)
  assert.equal(await end(again), 0)
  assert.match(await done('dpkg -P cordon'), /still in \/var\/lib\/cordon/)
  await done('test ! -e /etc/cordon && test -s /var/lib/cordon/spool/spool.db')
})

test('the steps of the Containerfile make a Cordon that runs as its user', async t => {
  const steps = readFileSync('Containerfile', 'utf8')
    .split('\n')
    .flatMap(line => (/^[A-Z]/.test(line) ? [line] : []))
  const last = steps.slice(steps.findLastIndex(line => line.startsWith('FROM ')))
  const argument = (word: string): string =>
    last.find(line => line.startsWith(`${word} `))?.slice(word.length + 1) ?? ''
  // As on an image of Debian: the user is made here. What comes from the network is not.
  await done('if getent passwd cordon; then userdel cordon; fi; rm -rf /var/lib/cordon')
  for (const line of last.filter(one => one.startsWith('RUN ') && !one.includes('apt-get')))
    await done(line.slice('RUN '.length))
  const from: Readonly<Record<string, string>> = {
    '/out': built,
    '/src/tools/package/cordon': join(import.meta.dirname, '../../tools/package/cordon'),
  }
  for (const [, source = '', to = ''] of last
    .join('\n')
    .matchAll(/^COPY --from=build (\S+) (\S+)$/gm))
    await done(`cp -R ${from[source] ?? assert.fail(source)} ${to}`)
  await done(`cp -L ${process.execPath} /usr/lib/cordon/node`)
  await done(`echo '${IN_A_CONTAINER}' > ${CONFIG}`)
  assert.equal(argument('VOLUME'), '/var/lib/cordon')
  const words = [argument('ENTRYPOINT'), argument('CMD')].flatMap(
    list => JSON.parse(list) as string[],
  )
  const user = argument('USER')
  const inside = `exec setpriv --reuid=${user} --regid=${user} --clear-groups --no-new-privs ${words.join(' ')}`
  const child = await started(['chroot', machine.root, 'sh', '-c', inside])
  t.after(() => child.kill('SIGKILL'))
  assert.match(await done('cordon status'), /^running /m)
  assert.equal(await end(child), 0)
})

/** An engine lets any user take port 25 (docs/install.md); here there is none that would. */
const IN_A_CONTAINER = `{ hostname: mail.isp.example, domains: [isp.example], dataFolder: /var/lib/cordon,
  listeners: [{ kind: submission, port: 2587 }] }`
const CONFIG = '/etc/cordon/cordon.yaml'
const SETUP =
  '--hostname mail.isp.example --domains isp.example --stands server --operator op@isp.example --consumers 198.51.100.0/24 --resolver 127.0.0.1:1'
const UNITS = [
  UNIT,
  ...['cordon', 'cordon-milter', 'cordon-policy', 'cordon-releaser'].map(
    name => `/usr/lib/systemd/system/${name}.socket`,
  ),
  '/usr/lib/systemd/system/cordon-releaser@.service',
].join(' ')

const versionOf = (file: string) => /cordon_([^-]+)-/.exec(file)?.[1]

/** Starts it as systemd would; resolves when it is ready. */
async function start(): Promise<ChildProcess> {
  const words = asUnit(machine.root, await done(`cat ${UNIT}`))
  return started(['unshare', '-m', 'sh', '-c', words])
}

async function started(inside: readonly string[]): Promise<ChildProcess> {
  const [program = '', ...args] = [...machine.beside, ...inside]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  for await (const chunk of child.stdout) {
    said += String(chunk)
    if (said.includes('ready')) break
  }
  assert.match(said, /ready/)
  await done(`touch ${ACTIVE}`)
  return child
}

async function end(child: ChildProcess): Promise<unknown> {
  await done(`rm ${ACTIVE}`)
  if (child.exitCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const [code] = (await ended) as [unknown]
  return code
}

async function submit(): Promise<void> {
  const { code, output } = await run(machine.beside[0] ?? '', [
    ...machine.beside.slice(1),
    'swaks',
    ...'--server 127.0.0.1:587 --tls --auth PLAIN --auth-user anna@isp.example --auth-password secret'.split(
      ' ',
    ),
    ...'--ehlo laptop.example --from anna@isp.example --to bob@meadow.example'.split(' '),
  ])
  assert.equal(code, 0, output)
}

/** As the user of the unit it has one right, and may write one folder. */
async function cannotWrite(server: ChildProcess): Promise<void> {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  assert.match(status, /^CapBnd:\t0+400$/m)
  assert.match(status, /^CapEff:\t0+400$/m)
  assert.match(status, /^NoNewPrivs:\t1$/m)
  const [, user] = /^Uid:\t(\d+)/m.exec(status) ?? []
  assert.equal(`${user}\n`, await done('id -u cordon'))
  const mounts = readFileSync(`/proc/${server.pid}/mounts`, 'utf8')
  assert.match(mounts, /^overlay \/ overlay ro,/m)
  assert.match(mounts, /^overlay \/var\/lib\/cordon overlay rw,/m)
}

/** Another version has other names of chunks: what the former one had not loaded is not there any more when that stops. */
function withOtherChunks(built: string): void {
  const other = (text: string) => text.replaceAll(/-([A-Z0-9]{8})\.js\b/g, '-X$1.js')
  for (const name of readdirSync(built).filter(one => one.endsWith('.js'))) {
    const file = join(built, name)
    writeFileSync(file, other(readFileSync(file, 'utf8')))
    renameSync(file, join(built, other(name)))
  }
  const about = join(built, 'package.json')
  writeFileSync(
    about,
    readFileSync(about, 'utf8').replace(/"version": "[^"]+"/, '"version": "0.1.1"'),
  )
}
