// Lists on the command line, longer than one answer of the control socket: they say that they are cut, go on, or print all.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CLI } from '../support/program.ts'
import { cordon, run, serve } from '../support/serve.ts'

const MANY = 1234

test('a list that is cut says so, to people and to programs; all of it can be had', async t => {
  const served = await serve(
    `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: submission, port: 0 }]
`,
    async folder =>
      writeFileSync(
        join(folder, 'customers.csv'),
        `id,plan,logins\n${Array.from({ length: MANY }, (_, i) => `c${i},consumer,c${i}@isp.example`).join('\n')}\n`,
      ),
  )
  t.after(served.stop)
  const data = join(served.folder, 'data')
  const list = (...args: string[]) => cordon(served.folder, 'subscriber', 'list', ...args)
  const imported = await cordon(
    served.folder,
    'subscriber',
    'import',
    join(served.folder, 'customers.csv'),
  )
  assert.equal(imported.code, 0, imported.output)

  const table = await list()
  assert.equal(table.code, 0)
  const [, next = ''] =
    /^cordon: 1,000 of 1,234 are shown; there are more: --after '([^']+)', or --limit all\.$/m.exec(
      table.output,
    ) ?? []
  assert.notEqual(next, '', table.output.slice(-300))
  const rest = JSON.parse((await list('--after', next, '--json')).output) as {
    rows: unknown[]
    truncated: boolean
  }
  assert.deepEqual([rest.rows.length, rest.truncated], [MANY - 1000, false])
  const all = JSON.parse((await list('--limit', 'all', '--json')).output) as { rows: unknown[] }
  assert.equal(all.rows.length, MANY)
  const few = await run('sh', [
    '-c',
    `${process.execPath} ${CLI} subscriber list --limit 2 --json --data ${data} 2>/dev/null`,
  ])
  const { rows, ...said } = JSON.parse(few.output) as { rows: { id: string }[] }
  assert.deepEqual(said, { truncated: true, total: MANY, next: rows[1]?.id })

  // Whoever reads only the head of it is not shouted at.
  const child = spawn(process.execPath, [
    CLI,
    'subscriber',
    'list',
    '--limit',
    'all',
    '--json',
    '--data',
    data,
  ])
  child.stdout.destroy()
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', chunk => (complaint += String(chunk)))
  await once(child, 'close')
  assert.equal(complaint, '')
  const full = await run('sh', [
    '-c',
    `${process.execPath} ${CLI} subscriber list --data ${data} >/dev/full`,
  ])
  assert.match(full.output, /^cordon: what was to be printed cannot be written: .*no space left/im)
  assert.equal(full.code, 1)
})
