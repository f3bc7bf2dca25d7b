// What the command line loads. Not how long it takes, which is the machine's affair, but how much is read: a command that
// is not asked for, and a package that the asked one does not need, cost nothing.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command } from 'commander'
import { COMMANDS } from './commands.ts'
import { program } from './program.ts'

const CLI = join(import.meta.dirname, 'cordon.ts')

/** Prints what was loaded as the last line of standard error, with a mark before it. */
const MARK = 'loaded: '
const LISTENING = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  const seen = []
  registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) })
  process.on('exit', () => console.error('${MARK}' + JSON.stringify(seen)))
`)}`

type CommandRun = {
  status: number | null
  stdout: string
  stderr: string
  own: string[]
  packages: string[]
}

function run(...args: string[]): CommandRun {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', LISTENING, CLI, ...args],
    { encoding: 'utf8', timeout: 60_000 },
  )
  const at = stderr.lastIndexOf(MARK)
  assert.ok(at >= 0, `${args.join(' ')} did not end by itself: ${stderr}`)
  const urls = JSON.parse(stderr.slice(at + MARK.length)) as string[]
  const packages = new Set(
    urls.flatMap(url => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []),
  )
  const own = urls.flatMap(url => /\/src\/(.*)/.exec(url)?.[1] ?? [])
  return { status, stdout, stderr: stderr.slice(0, at), own, packages: [...packages] }
}

const SMALL = [
  'app/version.ts',
  'cli/commands.ts',
  'cli/cordon.ts',
  'cli/failures.ts',
  'cli/in-json.ts',
  'cli/program.ts',
  'cli/table.ts',
  'cli/unread.ts',
  'model/errors.ts',
  'model/former-words.ts',
]

test('version, help and a mistyped command load no command at all', () => {
  const version = run('--version')
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/)
  assert.match(run('--version', '--json').stdout, /^\{\n {2}"version": "\d+\.\d+\.\d+"\n\}\n$/)
  const help = run('--help')
  for (const [name, [about]] of Object.entries(COMMANDS)) {
    assert.ok(help.stdout.includes(name), name)
    const start = about.split(' ').slice(0, 2).join(' ')
    assert.ok(help.stdout.includes(start), `${name}: ${start}`)
  }
  const mistyped = run('incidnt', 'list')
  assert.equal(mistyped.status, 2)
  assert.match(mistyped.stderr, /unknown command 'incidnt'[^]*Did you mean incident\?/)
  assert.deepEqual(version.own.toSorted(), ['app/version.ts', 'cli/cordon.ts'])
  assert.deepEqual(version.packages, [])
  for (const { own, packages } of [help, mistyped]) {
    assert.deepEqual(own.toSorted(), SMALL)
    assert.deepEqual(packages, ['commander'])
  }
})

// What they talk to is a running Cordon, or a file that they render: no mail server, no database, no HTTP framework.
const HEAVY = new Set(['serve', 'neighbourhood', 'replay', 'lab', 'completion'])
const READS_CONFIG = new Set([
  'audit',
  'client-setup',
  'config',
  'dkim',
  'doctor',
  'setup',
  'policy',
  'router',
  'simulate',
])
/** Asks for organisational domains. */
const KNOWS_DOMAINS = new Set(['audit', 'who-spams'])

for (const name of Object.keys(COMMANDS).filter(one => !HEAVY.has(one)))
  test(`"cordon ${name}" loads what it needs and no more`, () => {
    const { status, packages, own, stdout } = run('help', name)
    assert.equal(status, 0)
    assert.match(stdout, new RegExp(`^Usage: cordon ${name}`))
    const wanted = new Set([
      'commander',
      'zod',
      ...(READS_CONFIG.has(name) ? ['yaml'] : []),
      ...(KNOWS_DOMAINS.has(name) ? ['tldts'] : []),
    ])
    assert.deepEqual(
      packages.filter(one => !wanted.has(one)),
      [],
    )
    const others = Object.keys(COMMANDS).filter(one => one !== name)
    assert.deepEqual(
      own.filter(file => others.some(one => file === `cli/${one}.ts`)),
      [],
    )
  })

test('every command is loaded by its name, and the whole command line has them all', async () => {
  const whole = await program()
  assert.deepEqual(
    whole.commands.map(one => one.name()),
    Object.keys(COMMANDS),
  )
  for (const one of whole.commands) assert.notEqual(one.description(), '', one.name())
})

test('a word that is no command is said to be none, whatever the command without a word would say of it', () => {
  const { status, stderr } = run('incident', 'lst')
  assert.equal(status, 2)
  assert.match(stderr, /^error: there is no command 'incident lst'\. There are: list, show, /)
  const { status: former, stderr: today } = run('rollout', 'back', 'north')
  assert.equal(former, 2)
  assert.match(
    today,
    /^error: .* is now 'cordon rollout rollback'\. Write cordon rollout rollback\./,
  )
  const { stderr: file } = run('lease', 'import', '/nonexistent')
  assert.equal(file, 'cordon: /nonexistent does not exist.\n')
})

test('an option is no reason: an operator that forgot the reason is told so, wherever one is asked for', async () => {
  const whole = await program()
  const asking = (command: Command, path: readonly string[]): string[][] => [
    ...command.options.filter(one => one.required).map(one => [...path, one.long ?? '']),
    ...command.commands.flatMap(one => asking(one, [...path, one.name()])),
  ]
  const all = asking(whole, [])
  const reasons = all.filter(words => /^--(?:despite|why)$/.test(words.at(-1) ?? ''))
  assert.ok(reasons.length >= 4, reasons.join('; '))
  for (const words of [...reasons, ['incident', 'list', '--data']]) {
    const { status, stdout, stderr } = run(...words, '--json')
    assert.equal(status, 2, words.join(' '))
    assert.match(stderr, /^error: option '.*' needs a value, and --json is another option\.\n/)
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'usage')
  }
  assert.equal(run('reload', '--despite', '-5').status, 2)
  assert.equal(run('reload', '--despite', '-').status, 2)
})

test('a command that a group does not have is told with those that it has; what is required is marked', () => {
  assert.match(run('router', 'list').stderr, /no command 'router list'\. There are: table\./)
  assert.match(run('incident', 'impose', '--help').stdout, /--why <text> +required: /)
  assert.match(
    run('audit-log', '--by', 'anna').stderr,
    /"staff anna", "owner anna" or "chore anna"/,
  )
})
