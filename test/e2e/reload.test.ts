// A reload of the real program: what has changed is told, what must not be lost needs a reason, also at a restart, and no signal kills.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CLI } from '../support/program.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const customers = (count: number) =>
  `subscribers: [${Array.from({ length: count }, (_, i) => `{ id: "${i + 1}" }`).join(', ')}]\n`
const config = `
hostname: mail.isp.example
domains: [isp.example, old.example]
mailboxes: [sink@isp.example]
holdDelivery: true
listeners: [{ kind: inbound, port: 0 }, { kind: submission, port: 0 }]
`

const fileOf = ({ folder }: Served) => join(folder, 'cordon.yaml')
const audit = async ({ folder }: Served) => (await cordon(folder, 'reload')).output

async function rcpt(port: number): Promise<string> {
  const session = await talk(port)
  await session.say('EHLO mx.meadow.example\r\n')
  await session.say('MAIL FROM:<a@meadow.example>\r\n')
  const reply = await session.say('RCPT TO:<sink@isp.example>\r\n')
  session.end()
  return reply.slice(0, 3)
}

test('a reload tells the difference; a file with mistakes, or one that nothing can come into, changes nothing', async t => {
  const served = await serve(`${config}${customers(2)}`)
  t.after(served.stop)
  const file = fileOf(served)
  const before = readFileSync(file, 'utf8')
  const same = await cordon(served.folder, 'reload')
  assert.deepEqual(same, { code: 0, output: 'Read again; nothing has changed.\n' })

  const changed = before
    .replace(customers(2), customers(3))
    .replace('mail.isp.example', 'mx.isp.example')
  writeFileSync(file, `${changed}maxRecipients: 7\n`)
  const done = await cordon(served.folder, 'reload')
  assert.equal(done.code, 0, done.output)
  assert.deepEqual(done.output.trim().split('\n').toSorted(), [
    'Read again; 3 settings have changed:',
    'hostname: mail.isp.example → mx.isp.example (after a restart)',
    'maxRecipients: 200 → 7',
    'subscribers: +1 −0',
  ])

  writeFileSync(file, 'listeners:\n  - { kind: inbound, port: smtp }\nmaxRecipients: 0\n')
  const bad = await cordon(served.folder, 'reload')
  assert.equal(bad.code, 78)
  assert.match(
    bad.output,
    /^cordon\.yaml:2: listeners #1\.port: .*\ncordon\.yaml:3: maxRecipients: /,
  )
  for (const nothing of ['', before.slice(0, before.indexOf('domains:'))]) {
    writeFileSync(file, nothing)
    const empty = await cordon(served.folder, 'reload')
    assert.equal(empty.code, 78, empty.output)
    assert.match(empty.output, /nothing can come in/)
  }
  // A number that lost its last digits has every right form.
  writeFileSync(file, `${before}maxRecipients: 2`)
  const check = await run(process.execPath, [CLI, 'config', 'check', file])
  const start = await run(process.execPath, [CLI, 'serve', '--config', file])
  for (const { code, output } of [await cordon(served.folder, 'reload'), check, start]) {
    assert.equal(code, 78, output)
    assert.match(output, /^cordon\.yaml:\d+: the file does not end with a newline: it may have/)
  }
  assert.equal(await rcpt(served.ports[0] ?? 0), '250')
})

test('losing a domain, a listener or many customers needs a reason, which is audited; a signal has none', async t => {
  const served = await serve(`${config}${customers(60)}`)
  t.after(served.stop)
  const file = fileOf(served)
  const before = readFileSync(file, 'utf8')
  const smaller = before
    .replace(', old.example', '')
    .replace(', { kind: submission, port: 0 }', '')
    .replace(customers(60), customers(30))
  writeFileSync(file, `${smaller}maxRecipients: 7\n`)
  const refused = await cordon(served.folder, 'reload')
  assert.equal(refused.code, 1)
  for (const words of [
    'the domain old.example is gone',
    'the submission listener on port 0 is gone',
    '30 of 60 customers are gone',
    'cordon reload --despite "WHY"',
  ])
    assert.ok(refused.output.includes(words), refused.output)
  served.signal('SIGHUP')
  const orders = async () => {
    const answer = await fetch(`${served.console}api/v1/audit`)
    const { rows } = (await answer.json()) as {
      rows: { actor: string; order: string; text: string }[]
    }
    return rows
  }
  await eventually(async () => ((await orders()).length >= 2 ? true : undefined))
  const [signal] = await orders()
  assert.equal(signal?.actor, 'signal SIGHUP')
  assert.match(signal?.text ?? '', /a signal \(SIGHUP\) cannot say why/)

  // What stands last in a file is the first that goes when it is cut off.
  for (const [cut, words] of [
    ['mailboxes: [sink@isp.example]\n', 'the setting mailboxes is gone'],
    [customers(60), '60 of 60 customers are gone'],
  ] as const) {
    writeFileSync(file, before.replace(cut, ''))
    const lost = await cordon(served.folder, 'reload')
    assert.equal(lost.code, 1, lost.output)
    assert.ok(lost.output.includes(words), lost.output)
  }
  assert.equal(await rcpt(served.ports[0] ?? 0), '250')
  writeFileSync(file, `${smaller}maxRecipients: 7\n`)

  const despite = await cordon(served.folder, 'reload', '--despite', 'the old town is sold')
  assert.equal(despite.code, 0, despite.output)
  assert.match((await orders())[0]?.text ?? '', /^despite: the old town is sold\n/)
  // What was agreed to once is not asked again, though it waits for a restart.
  assert.match(await audit(served), /domains: − old\.example \(after a restart\)/)

  writeFileSync(
    file,
    smaller.replace('[isp.example]', '[elsewhere.example]').replace('sink@isp', 'sink@elsewhere'),
  )
  const other = await cordon(served.folder, 'reload', '--despite', 'because')
  assert.equal(other.code, 1)
  assert.match(other.output, /None of the domains it had \(isp\.example\) is left/)
})

test('a restart with less than was in force is refused as well, unless somebody says why', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const file = fileOf(served)
  const before = readFileSync(file, 'utf8')
  served.signal('SIGTERM')
  await eventually(async () =>
    (await cordon(served.folder, 'reload')).code === 69 ? true : undefined,
  )
  const smaller = before.replace(', old.example', '')
  writeFileSync(file, smaller)
  const start = [CLI, 'serve', '--config', file]
  const refused = await eventually(async () => {
    const tried = await run(process.execPath, start)
    return tried.output.includes('in use by another') ? undefined : tried
  })
  assert.equal(refused.code, 78, refused.output)
  assert.match(
    refused.output,
    /^configuration: the domain old\.example is gone since it was last in force\. Look whether \S+cordon\.yaml is whole\. .*cordon serve --config FILE --despite "WHY"/,
  )
  // A reason without words is none, at a start as at a reload.
  for (const blank of ['', ' ']) {
    const wordless = await run(process.execPath, [...start, '--despite', blank])
    assert.equal(wordless.code, 2, wordless.output)
    assert.match(wordless.output, /^cordon: [^\n]*Write why what would be lost is to go[^\n]*\n$/)
  }
  for (const [more, words] of [
    [['--despite', 'sold'], /^lost since the last start: the domain old\.example is gone .*sold/m],
    [['--despite', 'sold'], /^warning: --despite did nothing: nothing was lost/m],
    [[], /^ready/m],
  ] as const) {
    const child = spawn(process.execPath, [...start, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    let said = ''
    for await (const chunk of child.stdout) if ((said += String(chunk)).includes('ready')) break
    assert.match(said, /ready/)
    assert.match(said, words)
    if (more.length === 0) assert.doesNotMatch(said, /despite|lost since/)
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
  }
})

test('SIGHUP kills at no time: not before it is ready, not twice at once, not while it stops', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-hup-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'cordon.yaml')
  writeFileSync(
    file,
    `dataFolder: ${join(folder, 'data')}\nhttp: { console: { port: 0 }, portal: { port: 0 } }\nlog: info\ndrainFor: 1s\n${config}`,
  )
  const child = spawn(process.execPath, [CLI, 'serve', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let said = ''
  for (const out of [child.stdout, child.stderr]) out.on('data', chunk => (said += String(chunk)))
  const reloads = () => said.split('Read again').length - 1
  // As soon as anything of it is there: the folder is made by the first of its parts.
  await eventually(async () => (readable(join(folder, 'data/lock.db')) ? true : undefined))
  child.kill('SIGHUP')
  await eventually(async () => (reloads() >= 1 ? true : undefined))
  assert.ok(said.indexOf('ready') < said.indexOf('Read again'), said)
  for (let i = 0; i < 5; i++) child.kill('SIGHUP')
  await eventually(async () => (reloads() >= 2 ? true : undefined))
  const port = Number(/inbound on \S+ port (\d+)/.exec(said)?.[1])
  const session = await talk(port)
  child.kill('SIGTERM')
  child.kill('SIGHUP')
  session.end()
  assert.deepEqual(await ended, [0, null], said)
})

function readable(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}
