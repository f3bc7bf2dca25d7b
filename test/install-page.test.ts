// docs/install.md and the unit that it installs say the same: the user, the folders, the file, and what is copied is there.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const page = readFileSync('docs/install.md', 'utf8')
const unit = readFileSync('etc/cordon.service', 'utf8')
const setting = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? ''
const commands = [...page.matchAll(/^```\n([^]*?)^```/gm)].flatMap(([, block = '']) =>
  block.split('\n').filter(Boolean),
)
const command = (pattern: RegExp): string => commands.find(line => pattern.test(line)) ?? ''

test('the user of the unit is made, with the folder that systemd makes for it', () => {
  const made = command(/^adduser /)
  assert.ok(made.endsWith(` ${setting('User')}`), made)
  assert.match(made, new RegExp(`--group .*--home /var/lib/${setting('StateDirectory')} `))
})

test('the program lies where the unit starts it, and the command where a shell finds it', () => {
  const folder = setting('WorkingDirectory')
  assert.ok(commands.includes(`cp -R . ${folder}/`))
  assert.ok(commands.includes(`cd ${folder}`))
  const [, target = ''] = /^ln -s (\S+)/.exec(command(/^ln -s/)) ?? []
  assert.ok(existsSync(target.replace(`${folder}/`, '')), target)
  const [program = ''] = setting('ExecStart').split(' ')
  assert.equal(program, `${folder}/node_modules/.bin/node`)
})

test('the configuration lies where the unit and the doctor read it, and the unit that is copied is there', () => {
  const [, file = ''] = /--config (\S+)/.exec(setting('ExecStart')) ?? []
  assert.ok(command(/^install -m 640/).endsWith(` ${file}`))
  assert.ok(commands.includes(`cordon config check ${file}`))
  const [, copied = ''] = /(\S*etc\/\S+\.service) \/etc\/systemd/.exec(command(/\.service /)) ?? []
  assert.ok(existsSync(copied.replace('/opt/cordon/', '')), copied)
  for (const line of commands.filter(one => / --data /.test(one)))
    assert.ok(line.includes(` --data /var/lib/${setting('StateDirectory')}`), line)
})
