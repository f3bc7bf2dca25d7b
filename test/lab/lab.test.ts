// `cordon lab`, as an operator runs it: the whole story holds, and nothing is left behind, neither after it nor after Ctrl-C.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../support/serve.ts'

const CLI = join(import.meta.dirname, '../../src/cli/cordon.ts')
const namespaces = () =>
  spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout.match(/^lab\d+-\S+/gm) ?? []
const folders = () =>
  readdirSync(tmpdir()).filter(name => name.startsWith('cordon-provider-')).length

test('the story holds, line by line', async () => {
  const before = folders()
  const { code, output } = await run(process.execPath, [CLI, 'lab'])
  assert.equal(code, 0, output)
  assert.match(output, /^All 21 lines held\.$/m)
  assert.doesNotMatch(output, /BROKEN/)
  assert.deepEqual(namespaces(), [])
  assert.equal(folders(), before)
})

test('Ctrl-C takes everything down', async () => {
  const before = folders()
  const lab = spawn(process.execPath, [CLI, 'lab'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for await (const chunk of lab.stdout) {
    said += String(chunk)
    if (said.includes('held')) break
  }
  assert.ok(namespaces().length > 0)
  const ended = once(lab, 'exit')
  lab.kill('SIGINT')
  assert.deepEqual(await ended, [130, null])
  assert.deepEqual(namespaces(), [])
  assert.equal(folders(), before)
})
