// The recipes of docs/hacking.md are followed as they stand there (test/recipes/, which the page includes): an order and a door more are two
// files and a line in a list for each, a chore is one file and one line. In a copy of the program they compile and pass what `npm run check`
// asks of names and functions; the order is given, the chore is done, and the door answers, also from a thread.

import assert from 'node:assert/strict'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, run, serve } from '../support/serve.ts'

const HERE = join(import.meta.dirname, '../..')
const RECIPES = ['order', 'door', 'chore'].map(name => join(HERE, 'test/recipes', `${name}.diff`))

/** Files of a recipe: new ones, and those in which a line is added. */
function filesOf(recipe: string): { readonly added: string[]; readonly changed: string[] } {
  const parts = readFileSync(recipe, 'utf8')
    .split(/^diff --git /m)
    .slice(1)
  const named = (isNew: boolean) =>
    parts
      .filter(part => part.includes('\nnew file mode') === isNew)
      .map(part => /^\+\+\+ b\/(.*)$/m.exec(part)?.[1] ?? '')
  return { added: named(true), changed: named(false) }
}

test('an order, or a door, is two new files and a line in the list of each, a chore one file and one line, and nothing else of the program', () => {
  const [order, door, chore] = RECIPES.map(filesOf)
  assert.deepEqual(order, {
    added: ['src/engine/orders/remark.ts', 'src/orders/contract/remark.ts'],
    changed: [
      'src/engine/orders/orders.ts',
      'src/orders/contract/orders.ts',
      'test/support/orders.ts',
    ],
  })
  assert.deepEqual(door, {
    added: ['src/doors/recipient-check/config-schema.ts', 'src/doors/recipient-check/door.ts'],
    changed: ['src/app/door-list.ts', 'src/config/doors-schema.ts'],
  })
  assert.deepEqual(chore, {
    added: ['src/engine/chores/tell-open-cases.ts'],
    changed: ['src/engine/chores/chores.ts'],
  })
})

test('a copy of the program with all of them compiles, takes the order, does the chore and answers at the door', async t => {
  const tree = mkdtempSync(join(tmpdir(), 'cordon-recipes-'))
  t.after(() => rmSync(tree, { recursive: true, force: true }))
  for (const part of [
    'src',
    'test',
    'docs',
    'etc',
    'populations',
    'bench',
    'bin',
    '.github',
    'biome.json',
    'tools',
    'tsconfig.json',
    'package.json',
    ...globSync('*.md', { cwd: HERE }),
  ])
    cpSync(join(HERE, part), join(tree, part), { recursive: true })
  symlinkSync(join(HERE, 'node_modules'), join(tree, 'node_modules'))
  for (const recipe of RECIPES) {
    const applied = await run('patch', ['-p1', '--fuzz=0', '-s', '-d', tree, '-i', recipe])
    assert.equal(applied.code, 0, `${recipe} does not fit any more: ${applied.output}`)
  }
  const compiled = await run(process.execPath, [
    join(HERE, 'node_modules/typescript/bin/tsc'),
    '-p',
    tree,
  ])
  assert.equal(compiled.code, 0, compiled.output)
  // What `npm run check` asks of names and of form, so that the result may be committed.
  const inside = (...args: readonly string[]) =>
    run('sh', ['-c', 'cd "$0" && exec "$@"', tree, ...args])
  const files = RECIPES.flatMap(one => Object.values(filesOf(one)).flat())
  const biome = join(HERE, 'node_modules/.bin/biome')
  for (const args of [
    [biome, 'format', '--log-level=error', ...files],
    [process.execPath, '--test', 'src/app/door-list.test.ts'],
    [process.execPath, 'tools/docs.ts'],
    [process.execPath, '--test', 'test/words.test.ts', 'test/functions.test.ts'],
  ]) {
    const checked = await inside(...args)
    assert.equal(checked.code, 0, checked.output)
  }

  for (const doorThreads of [0, 1]) {
    const config = `doorThreads: ${doorThreads}
recipientCheck: { port: 0 }
domains: [isp.example]
mailboxes: [desk@isp.example]
subscribers: [{ id: anna, logins: [{ name: bert@isp.example }] }]
`
    const served = await serve(config, undefined, { tree })
    try {
      const [, port = ''] = /^recipient check on port (\d+)$/m.exec(served.said) ?? []
      assert.equal(
        await asked(Number(port), 'desk@isp.example\nanna@isp.example\na@b.example\nwho\n'),
        'yes\nno recipient-unknown\nno relay-denied\nwhat\n',
        served.said,
      )
      // Longer than any address: it is not waited for.
      assert.equal(await asked(Number(port), '1'.repeat(10_000)), '')
      const cli = (...args: string[]) =>
        run(process.execPath, [
          join(tree, 'src/cli/cordon.ts'),
          ...args,
          '--data',
          join(served.folder, 'data'),
        ])
      assert.deepEqual(await cli('order', 'remark', 'words=Anna called.'), {
        code: 0,
        output: 'Written down: Anna called.\n',
      })
      const imposed = ['subject=line:anna', 'decision=isolate', 'hours:=1', 'why=a test']
      assert.equal((await cli('order', 'impose', ...imposed)).code, 0)
      await eventually(async () =>
        (await (await fetch(`${served.console}metrics`)).text()).includes(
          'cordon_alarms_total{alarm="mail-waits"}',
        )
          ? true
          : undefined,
      )
      const nothing = await cli('order', 'remark', 'words=')
      assert.equal(nothing.code, 2)
      assert.match(nothing.output, /Write the remark\./)
    } finally {
      await served.stop()
    }
  }
})

/** What a door answers to these lines; less when it closes the connection. */
async function asked(port: number, said: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  const wanted = Math.max(1, said.split('\n').length - 1)
  socket.write(said)
  let answered = ''
  for await (const text of socket) {
    answered += String(text)
    if (answered.split('\n').length > wanted) break
  }
  return answered
}
