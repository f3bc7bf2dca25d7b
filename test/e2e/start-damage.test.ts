// The real program, by both of its doors (`cordon serve` and what `npm start` runs), on a machine where something is wrong: it prints
// one sentence, ends with 1 (the world) or 78 (the configuration), changes nothing, and the data folder can be taken at once. Where
// the damage is none that mail should wait for, it starts, and says so.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, type TestContext, test } from 'node:test'
import { heldFolder } from '../../src/app/data-folder.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { eventually } from '../support/serve.ts'

const ROOT = join(import.meta.dirname, '../..')
const CLI = join(ROOT, 'src/cli/cordon.ts')
/** What `npm start` runs, without npm, which would print sentences of its own. */
const NPM_START = startScript()
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const needsRoot = isRoot ? {} : { skip: 'run it as root: it mounts, and becomes another user' }

/** A data folder that was in use, with mail in its queue; copied for each test. */
let used = ''

before(async () => {
  used = mkdtempSync(join(tmpdir(), 'cordon-used-'))
  const spool = await openSpool({ folder: join(used, 'spool') })
  for (let i = 0; i < 20; i++) {
    const draft = spool.open()
    await draft.write(Buffer.alloc(i === 0 ? 200_000 : 20_000, 'x'))
    const recipients = [{ address: 'sink@isp.example', state: 'held', due: 4e12 } as const]
    const facts = { sender: '', expires: 4e12, nats: 0, bounceable: false, headers: '' }
    await draft.commit({ ...facts, message: `m${i}`, at: 0, subject: '', recipients })
  }
  await spool.close()
  const started = await start(used, config(used))
  await started.ready
  started.end()
  assert.equal((await started.ended).code, 0)
})
after(() => rmSync(used, { recursive: true, force: true }))

/** A copy of it in a folder of its own, damaged. */
function folderWith(t: TestContext, damage: (data: string) => void = () => undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-damage-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  cpSync(used, data, { recursive: true })
  damage(data)
  return data
}

function config(data: string, more: object = {}): object {
  return {
    hostname: 'mail.isp.example',
    domains: ['isp.example'],
    dataFolder: data,
    resolvers: ['127.0.0.1:1'],
    listeners: [{ kind: 'inbound', address: '127.0.0.1', port: 0 }],
    http: { console: { port: 0 }, portal: { port: 0 } },
    log: 'warn',
    ...more,
  }
}

type Ended = { readonly code: number | null; readonly errors: readonly string[] }

/** Runs `cordon serve` beside the data folder; `under` is a program that runs it as itself. */
async function start(data: string, settings: object, under: readonly string[] = []) {
  const file = join(data, '..', `cordon-${process.pid}-${Math.random()}.yaml`)
  writeFileSync(file, JSON.stringify(settings))
  // Some of them listen elsewhere than what filled the folder.
  const despite = ['--despite', 'another test']
  const started = running([...under, process.execPath, CLI, 'serve', '--config', file, ...despite])
  return { ...started, ended: started.ended.finally(() => rmSync(file, { force: true })) }
}

function running([program = '', ...args]: readonly string[]) {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  const errors: string[] = []
  const ready = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', line => {
    said.push(line)
    if (line.startsWith('ready;')) ready.resolve()
  })
  createInterface({ input: child.stderr }).on('line', line => errors.push(line))
  const ended = once(child, 'close').then((how): Ended => {
    ready.reject(new Error(`it ended: ${errors.join(' | ')}`))
    return { code: how[0] as number | null, errors }
  })
  ready.promise.catch(() => undefined)
  return { said, ready: ready.promise, ended, end: () => void child.kill('SIGTERM') }
}

/** It must have ended with this code and one sentence, and have left the folder to whoever comes. */
function refused({ code, errors }: Ended, data: string, wanted: { code: number; words: RegExp }) {
  assert.match(errors.join('\n'), wanted.words)
  assert.equal(errors.length, 1, errors.join('\n'))
  assert.doesNotMatch(errors[0] ?? '', /\bat .*:\d+:\d+|node:internal/)
  assert.equal(code, wanted.code)
  if (existsSync(join(data, 'ledger.db'))) heldFolder(data).giveBack()
}

function startScript(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  const [node, ...args] = scripts.start.split(' ')
  assert.equal(node, 'node')
  return [process.execPath, ...args]
}

const scribbled = (path: string) => writeFileSync(path, 'no database '.repeat(4000))
const halved = (path: string) => truncateSync(path, statSync(path).size / 2)

// Damage that must be looked at before mail goes on.
for (const [what, damage, words] of [
  [
    'spool.db is gone',
    data => rmSync(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is empty or missing, but there was a queue: .*operations\.md/,
  ],
  [
    'spool.db is empty',
    data => truncateSync(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is empty or missing, but there was a queue: .*operations\.md/,
  ],
  [
    'spool.db is something else',
    data => scribbled(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is damaged \(file is not a database\)\. .*operations\.md/,
  ],
  [
    'spool.db is cut in half',
    data => halved(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is damaged \(.*malformed.*\)\. .*operations\.md/,
  ],
  [
    'ledger.db is something else',
    data => scribbled(join(data, 'ledger.db')),
    /ledger cannot be opened: .*ledger\.db is damaged \(file is not a database\)\. .*operations\.md/,
  ],
  [
    'ledger.db is cut in half',
    data => halved(join(data, 'ledger.db')),
    /ledger cannot be opened: .*ledger\.db is damaged \(.*malformed.*\)\. .*operations\.md/,
  ],
  [
    'ledger.db is gone',
    data => rmSync(join(data, 'ledger.db')),
    /ledger cannot be opened: .*ledger\.db is empty or missing, .*operations\.md/,
  ],
  [
    'the secret is empty',
    data => truncateSync(join(data, 'keys/correspondents.secret')),
    /keys cannot be opened: .*correspondents\.secret is damaged\. Restore it from a backup; .*begin-anew/,
  ],
  [
    'the DKIM key is cut in half',
    data => halved(join(data, 'keys/dkim.pem')),
    /keys cannot be opened: .*dkim\.pem is damaged\. Restore it from a backup; .*begin-anew/,
  ],
  [
    'all keys are gone',
    data => rmSync(join(data, 'keys'), { recursive: true }),
    /keys cannot be opened: .*correspondents\.secret is missing\. Restore it from a backup; .*begin-anew/,
  ],
  [
    'a file is in place of the queue’s folder',
    data => {
      rmSync(join(data, 'spool'), { recursive: true })
      writeFileSync(join(data, 'spool'), '')
    },
    /spool cannot be opened: .*spool is there already and is no folder; move it away\./,
  ],
] as const satisfies readonly (readonly [string, (data: string) => void, RegExp])[])
  test(`${what}: a sentence, and nothing is changed`, async t => {
    const data = folderWith(t, damage)
    const was = bodies(data)
    const { ended } = await start(data, config(data))
    refused(await ended, data, { code: 1, words })
    assert.deepEqual(bodies(data), was)
  })

function bodies(data: string): readonly string[] {
  const folder = join(data, 'spool/bodies')
  return existsSync(folder) ? readdirSync(folder) : []
}

// Damage that no mail should wait for.
test('damaged counters are set aside with an alarm, and a damaged lock is none', async t => {
  const data = folderWith(t, data => {
    scribbled(join(data, 'counters.db'))
    scribbled(join(data, 'lock.db'))
  })
  const running = await start(data, config(data))
  await running.ready
  await eventually(() => running.said.find(line => line.includes('"alarm":"counters-lost"')))
  assert.ok(running.said.some(line => line.includes('"kind":"trouble","about":"counters-lost"')))
  const aside = readdirSync(data).filter(name => name.startsWith('counters.db.damaged-'))
  assert.equal(aside.length, 1)
  const second = await start(data, config(data))
  const { code, errors } = await second.ended
  assert.match(
    errors.join(),
    /^cordon: data folder cannot be opened: .* is in use by another Cordon/,
  )
  assert.equal(code, 1)
  const page = /live view on (\S+)/.exec(running.said.join('\n'))?.[1] ?? ''
  await eventually(async () =>
    (await (await fetch(`${page}metrics`)).text()).includes(
      'cordon_alarms_total{alarm="counters-lost"} 1',
    )
      ? true
      : undefined,
  )
  running.end()
  assert.equal((await running.ended).code, 0)
})

// Places that somebody else has.
const place = (port: number) => ({ address: '127.0.0.1', port })
for (const [what, settings, words] of [
  ['SMTP', port => ({ listeners: [{ kind: 'inbound', ...place(port) }] }), /inbound listener/],
  ['the policy service', port => ({ policyService: place(port) }), /policy service/],
  ['the milter', port => ({ milter: place(port) }), /milter/],
  ['the console', port => ({ http: { console: { port }, portal: { port: 0 } } }), /console/],
  ['the portal', port => ({ http: { console: { port: 0 }, portal: { port } } }), /portal/],
  ["the router's log", port => ({ firewallLog: place(port) }), /firewall log/],
  [
    'RADIUS',
    port => ({ radius: { ...place(port), clients: [{ address: '127.0.0.1', secret: 's' }] } }),
    /RADIUS accounting/,
  ],
  ['flows', port => ({ flows: { ...place(port), exporters: ['127.0.0.1'] } }), /flow records/],
] as const satisfies readonly (readonly [string, (port: number) => object, RegExp])[])
  test(`the port of ${what} is in use`, async t => {
    const data = folderWith(t)
    const port = await occupied(t)
    const { ended } = await start(data, config(data, settings(port)))
    const sentence = `${words.source} cannot be opened: port ${port} of \\S+ is in use by another program\\. Find it`
    refused(await ended, data, { code: 1, words: new RegExp(sentence) })
  })

/** A port of 127.0.0.1 that is taken for TCP and for UDP. */
async function occupied(t: TestContext): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const bound = server.address()
    const port = typeof bound === 'object' && bound ? bound.port : 0
    const socket = createSocket('udp4').bind(port, '127.0.0.1')
    const free = await Promise.race([
      once(socket, 'listening').then(() => true),
      once(socket, 'error').then(() => false),
    ])
    if (free) {
      t.after(() => {
        server.close()
        socket.close()
      })
      return port
    }
    server.close()
  }
}

test('a certificate that is missing is a mistake in the configuration', async t => {
  const data = folderWith(t)
  const certificate = { key: '/nowhere/key.pem', chain: join(data, 'keys/tls-certificate.pem') }
  const { ended } = await start(data, config(data, { certificate }))
  const words = /certificate\.key: \/nowhere\/key\.pem does not exist\. Check the path/
  refused(await ended, data, { code: 78, words })
})

test('a data folder that is a file', async t => {
  const data = join(folderWith(t), 'ledger.db')
  const { ended } = await start(data, config(data))
  const words = /data folder cannot be opened: \S+ is a file; a folder is wanted there\./
  refused(await ended, data, { code: 1, words })
})

const AS_NOBODY = [
  'setpriv',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
  '--inh-caps=-all',
  '--bounding-set=-all',
]

test('port 587 without the right to it', needsRoot, async t => {
  const data = folderWith(t, chowned)
  const listeners = [{ kind: 'submission', address: '127.0.0.1', port: 587 }]
  const { ended } = await start(data, config(data, { listeners }), AS_NOBODY)
  const words =
    /submission listener cannot be opened: this user may not listen on port 587 of 127\.0\.0\.1\. Let systemd/
  refused(await ended, data, { code: 1, words })
})

/** The folder, and the way to it, for another user. */
function chowned(data: string): void {
  chmodSync(join(data, '..'), 0o755)
  const paths = readdirSync(data, { recursive: true, encoding: 'utf8' }).map(one => join(data, one))
  for (const path of [data, ...paths]) chownSync(path, NOBODY, NOBODY)
}

test('a data folder of another user', needsRoot, async t => {
  const data = folderWith(t, one => {
    chmodSync(join(one, '..'), 0o755)
    chmodSync(one, 0o755)
  })
  const { ended } = await start(data, config(data), AS_NOBODY)
  const words =
    /data folder cannot be opened: \S+ belongs to user 0, and user 65534, .*chown -R 65534/
  refused(await ended, data, { code: 1, words })
})

test('a ledger of another user, in a folder that is ours', needsRoot, async t => {
  const data = folderWith(t, one => {
    chowned(one)
    chownSync(join(one, 'ledger.db'), 0, 0)
    chmodSync(join(one, 'ledger.db'), 0o600)
  })
  const { ended } = await start(data, config(data), AS_NOBODY)
  const words = /ledger cannot be opened: \S+ledger\.db may not be read or written by this user/
  refused(await ended, data, { code: 1, words })
})

const readOnly = (data: string) => [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `mount --bind ${data} ${data} && mount -o remount,bind,ro ${data} && exec "$@"`,
  'sh',
]

test('a data folder that is mounted read-only', needsRoot, async t => {
  const data = folderWith(t)
  const { ended } = await start(data, config(data), readOnly(data))
  const words = /data folder cannot be opened: \S+ is on a file system that is mounted read-only\./
  refused(await ended, data, { code: 1, words })
})

test('a file system without any room', needsRoot, async t => {
  const data = folderWith(t, one => mkdirSync(join(one, '../small')))
  const small = join(data, '../small')
  const full = `mount -t tmpfs -o size=64k tmpfs ${small} && dd if=/dev/zero of=${small}/x bs=4k 2>/dev/null; exec "$@"`
  const { ended } = await start(small, config(small), [
    'unshare',
    '--mount',
    'sh',
    '-c',
    full,
    'sh',
  ])
  const words = /cannot be opened: .*(?:the file system is full|has no room)/
  refused(await ended, small, { code: 1, words })
})

// The other door.
for (const [what, damage, under, words] of [
  [
    'a damaged key',
    data => truncateSync(join(data, 'keys/dkim.pem')),
    () => [],
    /keys cannot be opened: .*dkim\.pem is damaged\. Restore/,
  ],
  [
    'a folder that is mounted read-only',
    () => undefined,
    data => (isRoot ? readOnly(data) : undefined),
    /data folder cannot be opened: \S+ is on a file system that is mounted read-only\./,
  ],
] as const satisfies readonly (readonly [
  string,
  (data: string) => void,
  (data: string) => readonly string[] | undefined,
  RegExp,
])[])
  test(`npm start, ${what}`, async t => {
    const data = folderWith(t, damage)
    const before = under(data)
    if (!before) return t.skip(needsRoot.skip)
    const { ended } = running([...before, ...NPM_START, '--data', data, '--quiet'])
    refused(await ended, data, { code: 1, words })
  })

test('npm start, a folder that another Cordon has', async t => {
  const data = folderWith(t)
  const held = heldFolder(data)
  const { ended } = running([...NPM_START, '--data', data, '--quiet'])
  const { code, errors } = await ended
  held.giveBack()
  assert.match(
    errors.join('\n'),
    /^cordon: data folder cannot be opened: .* another Cordon\. .*\.$/,
  )
  assert.equal(code, 1)
})
