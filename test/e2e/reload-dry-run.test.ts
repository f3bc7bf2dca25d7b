// A changed configuration is tried before it is taken: what would be different, which lines would open or close, and whether it would be
// refused. Nothing changes, and the audit has who asked.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cordon, type Served, serve } from '../support/serve.ts'

const config = `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
nftables: [{ name: edge, command: ["false"], consumers: [198.51.100.0/28] }]
rollout: { parts: [{ name: north, prefixes: [198.51.100.0/30], date: 2099-01-01 }] }
subscribers:
  - { id: anna }
  - { id: bert }
  - { id: carl, plan: expert }
  - { id: dora }
  - { id: elsa }
leases:
  - { prefix: 198.51.100.2, subscriber: anna }
  - { prefix: 198.51.100.6, subscriber: bert }
  - { prefix: 198.51.100.10, subscriber: carl }
  - { prefix: 198.51.100.5, subscriber: dora }
  - { prefix: 198.51.100.17, subscriber: elsa }
`

const lines = ({ output }: { readonly output: string }) => output.trim().split('\n')
const enforced = async ({ folder }: Served, id: string) =>
  (await cordon(folder, 'subscriber', 'show', id)).output

test('a reload that is tried says which lines would open or close, and changes nothing', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const file = join(served.folder, 'cordon.yaml')
  const before = readFileSync(file, 'utf8')
  const unchanged = await cordon(served.folder, 'reload', '--dry-run')
  assert.deepEqual(lines(unchanged), [
    'Nothing was changed (dry run). Nothing would change.',
    'No line would open or close.',
  ])

  writeFileSync(
    file,
    before
      .replace('{ id: bert }', '{ id: bert, plan: expert }')
      .replace('prefix: 198.51.100.10,', 'prefix: 198.51.100.11,')
      .replace('prefixes: [198.51.100.0/30]', 'prefixes: [198.51.100.4/30]')
      .replace('consumers: [198.51.100.0/28]', 'consumers: [198.51.100.0/27]'),
  )
  const tried = await cordon(served.folder, 'reload', '--dry-run')
  assert.equal(tried.code, 0, tried.output)
  const said = lines(tried)
  assert.match(
    said[0] ?? '',
    /^Nothing was changed \(dry run\)\. \d settings or files would change:$/,
  )
  assert.deepEqual(
    (said.at(-1) ?? '')
      .replace(/^.*would change: /, '')
      .split('; ')
      .toSorted(),
    [
      '198.51.100.10/32 of carl at edge: open -> default',
      '198.51.100.11/32 of carl at edge: default -> open',
      '198.51.100.17/32 of elsa at edge: not in it -> closed by the table (after a restart, with a new table).',
      '198.51.100.2/32 of anna at edge: only watched -> closed by the table',
      '198.51.100.5/32 of dora at edge: closed by the table -> only watched',
      '198.51.100.6/32 of bert at edge: default -> open',
    ],
  )
  assert.match(await enforced(served, 'bert'), /consumer/)
  assert.match(await enforced(served, 'carl'), /198\.51\.100\.10\/32/)

  // Fewer consumers of lines that have none of their own: no line changes, and the table is another one all the same.
  writeFileSync(
    file,
    before.replace('consumers: [198.51.100.0/28]', 'consumers: [198.51.100.0/29, 198.51.100.8/29]'),
  )
  assert.match(
    (await cordon(served.folder, 'reload', '--dry-run')).output,
    /^The table of edge would be another one: .*cordon router table/m,
  )

  // What would be refused is said, and so is what cannot be used.
  writeFileSync(file, before.replace(/^(?:nftables|rollout): .*\n/gm, ''))
  const less = await cordon(served.folder, 'reload', '--dry-run')
  assert.match(less.output, /^It would be refused: .*nftables/m)
  assert.match(less.output, /^After a restart Cordon changes nothing at edge any more: /m)
  writeFileSync(file, before.replace('plan: expert', 'plan: experts'))
  assert.equal((await cordon(served.folder, 'reload', '--dry-run')).code, 78)

  const audit = await cordon(served.folder, 'audit-log', '--order', 'reload')
  assert.match(audit.output, /staff \S+ +reload +Nothing was changed \(dry run\)/)
  assert.match(audit.output, /"dryRun":true/)
  writeFileSync(file, before)
  assert.match((await cordon(served.folder, 'reload')).output, /^Read again; nothing has changed/)
})
