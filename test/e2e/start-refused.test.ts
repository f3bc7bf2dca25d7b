// The real program, by both of its doors, where the world around it is not as it needs it: ports that others have, files that are not there, folders
// of others, read-only or without room. One sentence, exit code 1 (the world) or 78 (the configuration), and nothing is left.

import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { generate } from 'selfsigned'
import { heldFolder } from '../../src/app/data-folder.ts'
import { TOWN_MARK, TOWN_WORDS } from '../../src/app/town-folder.ts'
import { config, NPM_START, refused, running, start, usedFolder } from '../support/damaged-start.ts'

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const needsRoot = isRoot
  ? {}
  : { skip: 'run it as root (sudo npm test): it mounts, and becomes another user' }

const folderWith = usedFolder()

// Places that somebody else has.
const place = (port: number) => ({ address: '127.0.0.1', port })
for (const [what, settings, words] of [
  ['SMTP', port => ({ listeners: [{ kind: 'inbound', ...place(port) }] }), /inbound listener/],
  [
    'SMTP, in door threads',
    port => ({ doorThreads: 2, listeners: [{ kind: 'inbound', ...place(port) }] }),
    /smtp door threads/,
  ],
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

test('a certificate that has expired is told at start, and in the metrics, and refuses nothing', async t => {
  const data = folderWith(t)
  const pem = await generate([{ name: 'commonName', value: 'mail.isp.example' }], {
    notBeforeDate: new Date(2020, 1),
    notAfterDate: new Date(2020, 2),
  })
  const [key, chain] = [join(data, 'key.pem'), join(data, 'chain.pem')]
  writeFileSync(key, pem.private)
  writeFileSync(chain, pem.cert)
  const started = await start(data, config(data, { certificate: { key, chain } }))
  t.after(() => started.end())
  await started.ready
  const said = started.said.join('\n')
  assert.match(said, /certificate expired at 2020-0\dT?.*Renew it, then say cordon reload/)
  const console = /live view on (\S+)/.exec(said)?.[1] ?? ''
  const metrics = await (await fetch(`${console}metrics`)).text()
  assert.match(metrics, /^cordon_certificate_expires_seconds\{certificate="certificate"\} -\d/m)
  started.end()
  assert.equal((await started.ended).code, 0)
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

test('root, in a data folder of another user', needsRoot, async t => {
  const data = folderWith(t, chowned)
  const { ended } = await start(data, config(data))
  const words =
    /dataFolder: \S+ belongs to nobody, and this is root: .* Run it as nobody: runuser -u nobody -- cordon serve/
  refused(await ended, data, { code: 78, words })
  const made = readdirSync(data, { recursive: true, encoding: 'utf8' })
  for (const one of made) assert.equal(statSync(join(data, one)).uid, NOBODY, one)
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

for (const inside of ['spool/bodies', 'journal'])
  test(`${inside} may not be written`, { ...needsRoot, timeout: 30_000 }, async t => {
    const data = folderWith(t, one => {
      chowned(one)
      chmodSync(join(one, inside), 0o555)
    })
    const started = await start(data, config(data), AS_NOBODY)
    t.after(() => started.end())
    const words =
      /data folder cannot be opened: \S+ may not be written by its owner, .*chmod u\+rwx \S+/
    refused(await started.ended, data, { code: 1, words })
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
test('npm start, a folder with mail that is not its own: nothing in it is touched', async t => {
  const data = folderWith(t)
  const before = contentsOf(data)
  const { ended } = running([...NPM_START, '--data', data, '--quiet'])
  const words = /--data: \S+ is not the folder of a "cordon neighbourhood", .* Name a folder/
  const how = await ended
  assert.deepEqual(contentsOf(data), before)
  refused(how, data, { code: 78, words })
})

test('npm start, root in a folder of another user: nothing is made in it', needsRoot, async t => {
  for (const fill of [chowned, (one: string) => [marked, chowned].forEach(fault => fault(one))]) {
    const data = folderWith(t, fill)
    const before = contentsOf(data)
    const { ended } = running([...NPM_START, '--data', data, '--quiet'])
    const words = /dataFolder: \S+ belongs to nobody, and this is root/
    const { code, errors } = await ended
    assert.match(errors.join('\n'), words)
    assert.equal(code, 78)
    assert.deepEqual(contentsOf(data), before)
    assert.throws(() => heldFolder(data), words)
    assert.deepEqual(contentsOf(data), before)
  }
})

test("serve, in a town's folder: the next npm start would empty it", async t => {
  const data = folderWith(t, marked)
  const { ended } = await start(data, config(data))
  const words = /dataFolder: \S+ is the folder of a "cordon neighbourhood", .* a folder of its own/
  refused(await ended, data, { code: 78, words })
})

test('npm start, a folder that is mounted read-only', needsRoot, async t => {
  const data = folderWith(t, marked)
  const { ended } = running([...readOnly(data), ...NPM_START, '--data', data, '--quiet'])
  const words = /data folder cannot be opened: \S+ is on a file system that is mounted read-only\./
  refused(await ended, data, { code: 1, words })
})

test('npm start, a folder that another Cordon has', async t => {
  const data = folderWith(t, marked)
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

/** As a town's folder is. */
function marked(data: string): void {
  writeFileSync(join(data, TOWN_MARK), TOWN_WORDS)
}

/** Every entry, with the time at which it was written last. */
const contentsOf = (data: string) =>
  readdirSync(data, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map(name => [name, statSync(join(data, name)).mtimeMs, statSync(join(data, name)).size])
