import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Machine, type Ran, thisMachine } from '../machine.ts'
import { keyChecked } from './key.ts'

const machine = (user: number, readable: readonly string[]): Machine => ({
  ...thisMachine('/nowhere'),
  user,
  run: async (_program, args): Promise<Ran> =>
    readable.includes(args.at(-1) ?? '') ? { text: '' } : { why: 'no' },
})
const FILES = { key: '/etc/letsencrypt/live/mx/privkey.pem', chain: '/etc/ssl/mx.pem' }

test('a key that the user of the unit may not read must be mended first; only root can know', async () => {
  const checks = await keyChecked(FILES, machine(0, [FILES.chain]))
  assert.deepEqual(
    checks.map(({ what, must }) => [what, must]),
    [[FILES.key, true]],
  )
  assert.deepEqual(await keyChecked(FILES, machine(0, [FILES.key, FILES.chain])), [])
  assert.deepEqual(await keyChecked(FILES, machine(1000, [])), [])
})
