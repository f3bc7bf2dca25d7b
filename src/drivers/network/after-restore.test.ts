// After a backup was put back nothing is known of what a device was told since: each session of that time is told once more, and once only.

import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderOf } from '../../../test/support/owned.ts'
import type { Restriction } from '../../model/decision.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import { AfterRestore } from './after-restore.ts'
import { HeldFile } from './held-file.ts'

const AT = Date.UTC(2026, 0, 5)
const entry = (last: number, began = AT - HOUR): Restriction => ({
  realm: 'main',
  prefix: `192.0.2.${last}/32`,
  subscriber: `kd${last}`,
  state: 'isolated',
  walledGarden: false,
  began,
})

async function scene(t: TestContext) {
  const folder = folderOf(t)
  const file = join(folder, 'held.json')
  await new HeldFile(file).putting([entry(1)], async () => new Map())
  const restored = (text: string) => writeFileSync(join(folder, 'restored.json'), text)
  const open = () => {
    const held = new HeldFile(file)
    return { held, after: new AfterRestore(file, held) }
  }
  return { restored, open, file }
}
const said = (held: HeldFile) =>
  held.list().map(({ subscriber, standing }) => `${subscriber} ${standing ?? 'in force'}`)

test('without a restore nothing is in doubt', async t => {
  const { open, restored, file } = await scene(t)
  const { held, after } = open()
  after.doubt(() => assert.fail('no lease is looked at'), AT)
  assert.deepEqual(said(held), ['kd1 in force'])
  assert.ok(!existsSync(`${file}.restored`))
  // A mark that cannot be read is none.
  restored('{"at":')
  assert.deepEqual(said(open().held), ['kd1 in force'])
})

test('what is held, and every session of before, is in doubt until it was told, also over a restart', async t => {
  const { open, restored } = await scene(t)
  restored(JSON.stringify({ at: AT }))
  const { held, after } = open()
  assert.ok(after.isNew)
  assert.deepEqual(said(held), ['kd1 unsure'])
  const sessions = [entry(1), entry(2), entry(3, AT + 3 * HOUR)]
  after.doubt(() => sessions, AT + HOUR)
  assert.deepEqual(said(held).toSorted(), ['kd1 unsure', 'kd2 unsure'])
  await held.lifting([entry(2)], async () => new Map())
  await held.putting([entry(1)], async () => new Map())
  const again = open()
  assert.ok(!again.after.isNew)
  again.after.doubt(() => sessions, AT + 2 * HOUR)
  assert.deepEqual(said(again.held), ['kd1 in force'])
  // One whose Start was lost with the ledger: its update begins it.
  again.after.doubt(() => [...sessions, entry(4, AT + HOUR)], AT + 2 * HOUR)
  assert.deepEqual(said(again.held), ['kd1 in force', 'kd4 unsure'])
  again.after.doubt(() => assert.fail('a day later nothing is looked at'), AT + DAY + 1)
  restored(JSON.stringify({ at: AT + DAY }))
  assert.ok(open().after.isNew, 'another restore')
})
