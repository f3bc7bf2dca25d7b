// docs/at-night.md as it is printed: its headings are those that operators look for, each of its commands runs in its place on a machine where
// mail waits and a line is isolated, and what stands below a command is what it prints. systemd, apt and the user `cordon` are stand-ins here;
// test/e2e/installed.test.ts has the real ones.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { mounts } from '../support/as-root.ts'
import { cordon, eventually, run, type Served, serve, startServer } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/at-night.md'), 'utf8')
const FULL = 'The disk is full'
const HEADINGS = [
  'Mail is not going out',
  'I isolated the wrong customer',
  FULL,
  'Restore',
  'Turn all automation off',
  'Our address is listed',
  'Upgrade',
]

/** Blocks of a section, in their order: commands, or what the ones before print. */
type PageBlock = { readonly kind: string; readonly lines: readonly string[] }

const sections = PAGE.split(/^## /m)
  .slice(1)
  .map(text => ({
    title: text.split('\n', 1)[0] ?? '',
    blocks: [...text.matchAll(/^```(\w*)\n([^]*?)^```/gm)].map(
      ([, kind = '', block = '']): PageBlock => ({
        kind,
        lines: block.split('\n').filter(Boolean),
      }),
    ),
  }))

test('it has the headings that are looked for', () => {
  assert.deepEqual(
    sections.map(({ title }) => title),
    HEADINGS,
  )
})

test('commands with arguments within its sentences are whole', async () => {
  const all = new Set(
    [...PAGE.matchAll(/`cordon ([^`]*[A-Z][^`]*)`/g)].map(([, words = '']) => words),
  )
  assert.ok(all.size > 2)
  // What is missing is said before a server is asked.
  await Promise.all(
    [...all].map(async words => {
      const { output } = await cordon('/nonexistent', ...words.split(' '))
      assert.doesNotMatch(output, /required|missing|too many arguments|unknown/, words)
    }),
  )
})

const LISTED =
  '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org\r\n'

/** A server at which our address is on a list. `asked`: it has said so. */
async function listing(t: TestContext): Promise<{ port: number; asked: Promise<void> }> {
  const asked = Promise.withResolvers<void>()
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.write('220 mx.listed.example\r\n')
    socket.on('data', chunk => {
      const isAsked = chunk.toString().startsWith('RCPT')
      socket.write(isAsked ? LISTED : '250 ok\r\n')
      if (isAsked) asked.resolve()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  return { port: (server.address() as AddressInfo).port, asked: asked.promise }
}

/** Two mails wait: for a server that is not there, and for one that has us on a list. */
async function night(t: TestContext): Promise<Served> {
  const { port, asked } = await listing(t)
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [anna@isp.example]
forwards: { away@isp.example: [anna@far.example], ben@isp.example: [ben@listed.example] }
routes:
  far.example: { host: 127.0.0.1, port: 9 }
  listed.example: { host: 127.0.0.1, port: ${port} }
subscribers:
  - { id: "10017", contacts: [anna@isp.example], logins: [{ name: anna@isp.example }] }
listeners: [{ kind: inbound, port: 0 }]`)
  t.after(served.stop)
  const session = await talk(served.ports[0] ?? 0)
  for (const to of ['away', 'ben'])
    for (const line of [
      'HELO mx.meadow.example',
      'MAIL FROM:<a@meadow.example>',
      `RCPT TO:<${to}@isp.example>`,
      'DATA',
      'Subject: x\r\n\r\nhello\r\n.',
    ])
      assert.match(await session.say(`${line}\r\n`), /^[23]/)
  session.end()
  await asked
  await eventually(async () => {
    const { output } = await cordon(served.folder, 'queue')
    return (/ECONNREFUSED/.test(output) && /spamhaus/.test(output)) || undefined
  })
  return served
}

/** systemd, as far as the page needs it. */
function unitOf(t: TestContext, served: Served) {
  let later: ChildProcess | undefined
  const stop = async () => {
    await served.end()
    if (!later || later.exitCode !== null) return
    const ended = once(later, 'exit')
    later.kill()
    await ended
  }
  const start = async () => {
    later = (await startServer(join(served.folder, 'cordon.yaml'))).server
  }
  t.after(stop)
  return async (line: string) => {
    if (/ (?:stop|restart) cordon$/.test(line)) await stop()
    if (/ (?:start|restart) cordon$/.test(line)) await start()
  }
}

/** A folder of programs in place of those that change the machine, and of the one under test. */
function standIns({ folder }: Served): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const program = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  program('cordon', `exec ${process.execPath} ${ROOT}/src/cli/cordon.ts "$@"`)
  program('apt', ':')
  program('runuser', 'shift 3; exec "$@"')
  // The user need not be there.
  program('install', 'for folder in "$@"; do :; done; exec mkdir -p "$folder"')
  return bin
}

/** What differs from run to run. */
const shape = (line: string): string =>
  line
    .replaceAll(/\b[0-9A-Z]{16}\b/g, 'ID')
    .replaceAll(/\b[0-9A-Z]{2}-[0-9A-Z]{4}\b/g, 'CASE')
    .replaceAll(/\S*\/srv\/backup/g, '/srv/backup')
    .replaceAll(/\d+(?:\.\d+)?/g, 'N')
    .replaceAll(/ {2,}/g, '  ')

/** Code of a case in which the line is isolated now. */
async function isolated({ folder }: Served): Promise<string> {
  const impose = ['incident', 'impose', 'line:10017', 'isolate', '--why', 'test']
  const { output } = await cordon(folder, ...impose)
  return /case ([0-9A-Z]{2}-[0-9A-Z]{4})/.exec(output)?.[1] ?? assert.fail(output)
}

test('its commands run in their places, and print what stands below them', async t => {
  const served = await night(t)
  const { folder } = served
  const systemctl = unitOf(t, served)
  const env = [
    `PATH=${standIns(served)}:${process.env['PATH']}`,
    `CORDON_CONFIG=${join(folder, 'cordon.yaml')}`,
  ]
  const places = [
    ['/etc/cordon', folder],
    ['/var/lib/cordon', join(folder, 'data')],
    ['/srv/backup', join(folder, 'srv/backup')],
  ] as const
  const runs = async (line: string, code: string) => {
    if (line.startsWith('systemctl ')) return systemctl(line).then(() => '')
    const there = places.reduce((text, [from, to]) => text.replaceAll(from, to), line)
    const words = there.replaceAll('42-7HXM', code)
    const done = await run('env', [...env, 'sh', '-c', words])
    assert.equal(done.code, 0, `${line}: ${done.output}`)
    return done.output
  }
  // The one that is restored.
  await runs('cordon backup /srv/backup/2026-11-28', '')
  for (const { title, blocks } of sections) {
    // Where the page has it.
    const isAbout = blocks.some(({ lines }) => lines.join().includes('42-7HXM'))
    const code = isAbout ? await isolated(served) : ''
    let printed = ''
    for (const { kind, lines } of blocks) {
      if (kind === 'yaml') appendFileSync(join(folder, 'cordon.yaml'), `${lines.join('\n')}\n`)
      // What a full disk prints is looked at on one.
      if (kind === 'text' && title !== FULL) isPrinted(title, lines, printed)
      if (kind !== '') continue
      printed = ''
      for (const line of lines) printed += await runs(line, code)
      if (title === 'Turn all automation off' && / status/.test(lines.join()))
        assert.match(printed, /^evidence +only observes/m)
    }
  }
})

test('of a full disk status says what stands on the page', mounts, async t => {
  const mount: string[] = []
  const served = await serve(
    `hostname: mail.isp.example
domains: [isp.example]
mailboxes: [anna@isp.example]
listeners: [{ kind: inbound, port: 0 }]`,
    async folder => {
      mount.push(join(folder, 'data'))
      mkdirSync(join(folder, 'data'))
      await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', ...mount])
    },
  )
  // Before its folder is removed.
  t.after(async () => {
    await served.end()
    await run('umount', mount)
    await served.stop()
  })
  await run('dd', ['if=/dev/zero', `of=${join(served.folder, 'data/fill')}`, 'bs=4k'])
  const said = await eventually(async () => {
    const { code, output } = await cordon(served.folder, 'status')
    return code === 1 && /FAULT.*\n.*FAULT/.test(output) ? output : undefined
  })
  const { blocks } = sections.find(({ title }) => title === FULL) ?? assert.fail()
  isPrinted(
    FULL,
    blocks.find(({ kind }) => kind === 'text')?.lines ?? assert.fail(),
    said.replaceAll(mount.join(), '/var/lib/cordon'),
  )
  rmSync(join(served.folder, 'data/fill'))
  await eventually(async () => (await cordon(served.folder, 'status')).code === 0 || undefined)
})

function isPrinted(title: string, lines: readonly string[], printed: string): void {
  const shapes = printed.split('\n').map(shape)
  for (const line of lines)
    assert.ok(shapes.includes(shape(line)), `${title}: ${line}\nis not in\n${printed}`)
}
