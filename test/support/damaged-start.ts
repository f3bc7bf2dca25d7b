// Starts of the real program, by both of its doors, on a data folder that was in use and is no longer as it was left.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, type TestContext } from 'node:test'
import { holdFolder } from '../../src/drivers/sqlite/hold-folder.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { CLI } from './program.ts'

const ROOT = join(import.meta.dirname, '../..')
/** What `npm start` runs, without npm, which would print sentences of its own. */
export const NPM_START = startScript()

/** Makes a copy of that folder in one of its own, and damages it. */
export type FolderWith = (t: TestContext, damage?: (data: string) => void) => string

/** A data folder that was in use, with mail in its queue; made before the tests of the file that asks for it. */
export function usedFolder(): FolderWith {
  let used = ''
  before(async () => {
    used = mkdtempSync(join(tmpdir(), 'cordon-used-'))
    const started = await start(used, config(used))
    await started.ready
    started.end()
    assert.equal((await started.ended).code, 0)
    const spool = await openSpool({ folder: join(used, 'spool') })
    for (let i = 0; i < 20; i++) {
      const draft = spool.open()
      await draft.write(Buffer.alloc(i === 0 ? 200_000 : 20_000, 'x'))
      const recipients = [{ address: 'sink@isp.example', state: 'held', due: 4e12 } as const]
      const facts = { sender: '', expires: 4e12, nats: 0, bounceable: false, headers: '' }
      await draft.commit({ ...facts, message: `m${i}`, at: 0, subject: '', recipients })
    }
    await spool.close()
  })
  after(() => rmSync(used, { recursive: true, force: true }))
  return (t, damage = () => undefined) => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-damage-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const data = join(folder, 'data')
    cpSync(used, data, { recursive: true })
    damage(data)
    return data
  }
}

export function config(data: string, more: object = {}): object {
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

type EndedStart = { readonly code: number | null; readonly errors: readonly string[] }

/** Runs `cordon serve` beside the data folder; `under` is a program that runs it as itself. */
export async function start(data: string, settings: object, under: readonly string[] = []) {
  const file = join(data, '..', `cordon-${process.pid}-${Math.random()}.yaml`)
  writeFileSync(file, `${JSON.stringify(settings)}\n`)
  // Some of them listen elsewhere than what filled the folder.
  const despite = ['--despite', 'another test']
  const started = running([...under, process.execPath, CLI, 'serve', '--config', file, ...despite])
  return { ...started, ended: started.ended.finally(() => rmSync(file, { force: true })) }
}

export function running([program = '', ...args]: readonly string[]) {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  const errors: string[] = []
  const ready = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', line => {
    said.push(line)
    if (line.startsWith('ready;')) ready.resolve()
  })
  createInterface({ input: child.stderr }).on('line', line => errors.push(line))
  const ended = once(child, 'close').then((how): EndedStart => {
    ready.reject(new Error(`it ended: ${errors.join(' | ')}`))
    return { code: how[0] as number | null, errors }
  })
  ready.promise.catch(() => undefined)
  return { said, ready: ready.promise, ended, end: () => void child.kill('SIGTERM') }
}

/** It must have ended with this code and one sentence, and have left the folder to whoever comes. */
export function refused(
  { code, errors }: EndedStart,
  data: string,
  wanted: { code: number; words: RegExp },
) {
  assert.match(errors.join('\n'), wanted.words)
  assert.equal(errors.length, 1, errors.join('\n'))
  assert.doesNotMatch(errors[0] ?? '', /\bat .*:\d+:\d+|node:internal/)
  assert.equal(code, wanted.code)
  if (existsSync(join(data, 'ledger.db'))) holdFolder(data)()
}

function startScript(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  const [node, ...args] = scripts.start.split(' ')
  assert.equal(node, 'node')
  return [process.execPath, ...args]
}
