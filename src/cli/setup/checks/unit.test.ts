import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { thisMachine } from '../machine.ts'
import { unitChecked } from './unit.ts'
import { userChecked } from './user.ts'

const FILE = '/etc/cordon/cordon.yaml'

test('a unit that is not there must be copied first, unless another file is written', t => {
  const root = mkdtempSync(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rmSync(root, { recursive: true }))
  const said = () => unitChecked(FILE, thisMachine(root)).map(({ state, must }) => [state, must])
  assert.deepEqual(said(), [['missing', true]])
  mkdirSync(join(root, 'etc/systemd/system'), { recursive: true })
  writeFileSync(join(root, 'etc/systemd/system/cordon.service'), '')
  assert.deepEqual(said(), [['good', undefined]])
  assert.deepEqual(unitChecked('/tmp/cordon.yaml', thisMachine('/nowhere')), [])
})

test('a user that is not there yet is given the file as well', () => {
  assert.match(userChecked({ hasUser: false }, FILE).write ?? '', /; chgrp cordon \/etc\/cordon \//)
  assert.equal(userChecked({ hasUser: true }, FILE).state, 'good')
})
