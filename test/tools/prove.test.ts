// The mutations of `npm run prove` fit the code as it is, the table in docs/promises.md is of them, and the runner believes nothing that
// proves nothing.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { mutate } from '../../tools/prove/mutate.ts'
import { BEGIN, startOf, withTable } from '../../tools/prove/table.ts'
import type { Mutation } from '../mutations/mutation.ts'
import { MUTATIONS } from '../mutations/mutations.ts'

const page = readFileSync('docs/promises.md', 'utf8')

test('every mutation fits the code as it is now, and its row names its test or another one', () => {
  for (const mutation of MUTATIONS) {
    const about = `row ${mutation.row}: ${mutation.what}`
    const mutated = mutate(readFileSync(mutation.file, 'utf8'), mutation)
    assert.ok('text' in mutated, `${about}: ${JSON.stringify(mutated)}`)
    assert.ok(existsSync(mutation.test), about)
    assert.match(page, new RegExp(`^\\| ${mutation.row} \\|`, 'm'), about)
  }
})

test('no two mutations are the same', () => {
  const keys = MUTATIONS.map(({ row, file, find, replace, test: by }) =>
    JSON.stringify([row, file, find, replace, by]),
  )
  assert.equal(new Set(keys).size, keys.length)
})

test('each of them stands in docs/promises.md, and its test went red (say "npm run prove")', () => {
  const table = page.slice(page.indexOf(BEGIN))
  const rows = table.split('\n').filter(line => line.startsWith('| #'))
  for (const mutation of MUTATIONS) {
    const found = rows.find(row => row.startsWith(startOf(mutation)))
    assert.ok(found, startOf(mutation))
    assert.match(found, / (?:red|not run), \d{4}-\d\d-\d\d, [0-9a-f]{12} \|$/, found)
  }
  assert.equal(rows.length, MUTATIONS.length)
})

test('what was found stands until it is tried again; what is no mutation any more goes', () => {
  const one = (row: number): Mutation => ({
    row,
    what: `a | b ${row}`,
    file: 'src/a.ts',
    find: 'a',
    replace: 'b',
    test: 'src/a.test.ts',
  })
  const all = [one(2), one(1)]
  const run = { on: '2026-11-26', commit: '0123456789ab', all }
  const first = withTable(
    `# Page\n${BEGIN}\nold\n`,
    all.map(mutation => ({ mutation, outcome: { kind: 'red', names: [] } })),
    run,
  )
  assert.match(
    first,
    /^# Page\n.*\n\| row .*\n.*\n\| #1 \| a \\\| b 1 .* red, 2026-11-26, 0123456789ab \|\n\| #2 /,
  )
  const later = { on: '2026-11-27', commit: 'ba9876543210' }
  const second = withTable(first, [{ mutation: one(2), outcome: { kind: 'green' } }], {
    ...later,
    all,
  })
  assert.match(
    second,
    /#1 .* red, 2026-11-26, 0123456789ab \|\n\| #2 .* \*\*green: not proved\*\*, 2026-11-27, ba/,
  )
  assert.doesNotMatch(withTable(second, [], { ...later, all: [one(1)] }), /#2/)
})

test('what changes nothing, is not there, stands there twice, or does not parse is refused', () => {
  const code = 'export const a = 1\nexport const b = 1\n'
  const broken = (find: string, replace: string) => {
    const mutated = mutate(code, { find, replace })
    return 'broken' in mutated ? mutated.broken : mutated.text
  }
  assert.match(broken('a = 1', 'a = 1'), /changes nothing/)
  assert.match(broken('a = 1', 'a  =  1'), /changes nothing/)
  assert.match(broken('c = 1', 'c = 2'), /0 times, not once/)
  assert.match(broken('= 1', '= 2'), /2 times, not once/)
  assert.match(broken('', 'x'), /0 times, not once/)
  assert.match(broken('a = 1', 'a = ('), /does not parse/)
  assert.equal(broken('a = 1', 'a = $1'), 'export const a = $1\nexport const b = 1\n')
})

test('red is proved, green is not; a test that is missing, red before, or cannot be read proves nothing', async t => {
  const tree = mkdtempSync(join(tmpdir(), 'cordon-proving-'))
  t.after(() => rmSync(tree, { recursive: true, force: true }))
  for (const folder of ['src', 'test', 'tools', 'docs', 'bin', 'etc', 'node_modules'])
    mkdirSync(join(tree, folder))
  for (const file of ['package.json', 'tsconfig.json']) writeFileSync(join(tree, file), '{}')
  writeFileSync(join(tree, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(tree, 'src/sum.ts'), 'export const sum = (a: number, b: number) => a + b\n')
  const testing = (body: string) =>
    `import assert from 'node:assert/strict'\nimport { test } from 'node:test'\nimport { sum } from '../src/sum.ts'\n${body}`
  const tests = {
    'sees.test.ts': testing(
      "test('sees', () => assert.equal(sum(2, 1), 3))\ntest('blind', () => assert.ok(sum))\n",
    ),
    'red.test.ts': testing("test('red', () => assert.equal(sum(2, 1), 4))\n"),
    'skipped.test.ts': testing("test('skipped', { skip: 'no root' }, () => assert.fail())\n"),
    'unread.test.ts': testing('nowhere()\n'),
  }
  for (const [name, text] of Object.entries(tests)) writeFileSync(join(tree, 'test', name), text)
  const mutation = (by: string, name?: string, replace = 'a - b'): Mutation => ({
    row: 1,
    what: 'sums are wrong',
    file: 'src/sum.ts',
    find: 'a + b',
    replace,
    test: `test/${by}.test.ts`,
    ...(name === undefined ? {} : { name }),
  })
  // In a process of its own: a runner of tests in a test runs none.
  const script = `
    import { copyOf } from ${JSON.stringify(join(import.meta.dirname, '../../tools/prove/copy.ts'))}
    const all = JSON.parse(process.argv[3])
    const copy = copyOf(process.argv[2], all)
    const found = []
    for (const mutation of all) found.push(await copy.prove(mutation))
    copy.remove()
    console.log(JSON.stringify(found))`
  writeFileSync(join(tree, 'prove.mts'), script)
  const { NODE_TEST_CONTEXT: _inTest, ...env } = process.env
  const mutations = [
    mutation('sees'),
    mutation('sees', 'sees'),
    mutation('sees', 'blind'),
    mutation('sees', 'nobody'),
    mutation('red'),
    mutation('skipped'),
    mutation('unread'),
    mutation('sees', 'sees', 'a +  b'),
    mutation('sees', 'sees', 'b + a'),
  ]
  const said = execFileSync(
    process.execPath,
    [join(tree, 'prove.mts'), tree, JSON.stringify(mutations)],
    { env, encoding: 'utf8' },
  )
  const kinds = (JSON.parse(said) as { kind: string }[]).map(({ kind }) => kind)
  assert.deepEqual(kinds, [
    'red',
    'red',
    'green',
    'broken',
    'broken',
    'not-run',
    'broken',
    'broken',
    'green',
  ])
})
