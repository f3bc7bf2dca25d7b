// A group of commands says which of them it runs without a name.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { program } from './program.ts'

test('the help of a group names its default command', async () => {
  const groups = (await program()).commands.flatMap(group => {
    const { _defaultCommandName: name } = group as unknown as {
      _defaultCommandName?: string | null
    }
    const found = group.commands.find(one => one.name() === name)
    return found ? [{ of: group.name(), text: found.description() }] : []
  })
  assert.ok(groups.length > 5)
  assert.deepEqual(
    groups.filter(({ text }) => !text.endsWith('(the default command)')),
    [],
  )
})
