import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderOf } from '../../../test/support/owned.ts'
import type { Alarm, AlarmBatch } from '../../model/alarm.ts'
import { commandChannel } from './command-channel.ts'

const going = new AbortController().signal
const FUSE: Alarm = {
  id: 'fuse 1',
  alarm: 'fuse',
  at: 1,
  about: '$(id)',
  words: '; touch /tmp/no `id`',
  evidence: [],
}
const BATCH: AlarmBatch = { id: 'b', at: 1, alarms: [FUSE], counts: { fuse: 1 } }

const pager = (run: readonly string[], timeout = 10_000) =>
  commandChannel({ name: 'pager', run, timeout })

function script(t: TestContext, text: string): { readonly run: string[]; readonly out: string } {
  const folder = folderOf(t)
  const [file, out] = [join(folder, 'pager'), join(folder, 'out')]
  writeFileSync(file, text)
  return { run: ['/bin/sh', file, out, '$HOME; id'], out }
}

test('it gets JSON on standard input, its own arguments as they stand, and none of our environment', async t => {
  process.env['CORDON_TEST_SECRET'] = 'not for others'
  t.after(() => delete process.env['CORDON_TEST_SECRET'])
  const { run, out } = script(t, 'cat > "$1"; printf "\\n%s\\n" "$2" >> "$1"; env >> "$1"')
  await pager(run).tell(BATCH, going)
  const [batch = '', argument, ...env] = readFileSync(out, 'utf8').split('\n')
  assert.deepEqual(JSON.parse(batch), BATCH)
  assert.equal(argument, '$HOME; id')
  assert.doesNotMatch(env.join('\n'), /not for others/)
})

test('one that fails, complains without end, is not there or hangs says so', async t => {
  await assert.rejects(
    pager(script(t, 'echo no line >&2; exit 3').run).tell(BATCH, going),
    /ended with 3: no line/,
  )
  await assert.rejects(pager(['/nowhere/pager']).tell(BATCH, going), /ENOENT/)
  const loud = script(t, 'head -c 3000000 /dev/zero | tr "\\0" x >&2; exit 1')
  await assert.rejects(
    pager(loud.run).tell(BATCH, going),
    error => assert.ok(String(error).length < 1000) === undefined,
  )
  const begun = performance.now()
  await assert.rejects(
    pager(script(t, 'sleep 60 & sleep 60').run, 300).tell(BATCH, going),
    /did not end in 300 ms/,
  )
  assert.ok(performance.now() - begun < 30_000)
})

test('the digest of the morning pages nobody', async t => {
  const { run, out } = script(t, 'cat > "$1"')
  const digest = { ...FUSE, alarm: 'digest' }
  await pager(run).tell({ ...BATCH, alarms: [digest], counts: { digest: 1 } }, going)
  assert.throws(() => readFileSync(out), /ENOENT/)
  await pager(run).tell({ ...BATCH, alarms: [digest, FUSE], counts: { digest: 1, fuse: 1 } }, going)
  assert.deepEqual(JSON.parse(readFileSync(out, 'utf8')), BATCH)
})
