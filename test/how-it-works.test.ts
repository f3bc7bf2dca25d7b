// docs/how-it-works.md tells the way of a message and of a piece of evidence by files. A traced run must enter them first in that order,
// and whatever else it enters stands in the list of what is left out.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { run } from '../tools/trace.ts'
import { LEFT_OUT } from './support/left-out-of-how-it-works.ts'

const read = () => readFileSync('docs/how-it-works.md', 'utf8')
const MESSAGE = 'One message'
const EVIDENCE = 'One piece of evidence'
/** From here on a letter takes the way of every message, which the other section tells. */
const LIKE_EVERY_MESSAGE = 'src/engine/intake/internal-mail.ts'

/** Files of `src/` that a section names, in the order in which it names them first. */
function filesOf(page: string, section: string): string[] {
  const from = page.indexOf(`\n## ${section}\n`)
  assert.ok(from >= 0, `there is no section "${section}"`)
  const text = page.slice(from + 1, page.indexOf('\n## ', from + 1))
  return [...new Set([...text.matchAll(/`(src\/[\w./-]+\.ts)`/g)].map(match => match[1] ?? ''))]
}

const leftOut = Object.values(LEFT_OUT).flat()
const isLeftOut = (file: string) =>
  leftOut.some(one => (one.endsWith('/') ? file.startsWith(one) : file === one))

/** By a timer of its own, whatever else is on its way. */
const AT_ANY_TIME = new Set(['src/drivers/delivery/delivery-loop.ts'])

/** What a section says otherwise than the run: `entered` in the order of first calls. */
function differences(page: string, section: string, entered: readonly string[]): string[] {
  const told = filesOf(page, section)
  const anywhere = new Set([MESSAGE, EVIDENCE].flatMap(one => filesOf(page, one)))
  const inOrder = entered.filter(file => told.includes(file) && !AT_ANY_TIME.has(file))
  const inPage = told.filter(file => entered.includes(file) && !AT_ANY_TIME.has(file))
  const first = inPage.findIndex((file, i) => file !== inOrder[i])
  return [
    ...told.filter(file => !entered.includes(file)).map(file => `${file} is not entered`),
    ...told
      .filter(file => leftOut.includes(file))
      .map(file => `${file} is told, and in the list of what is left out`),
    ...entered
      .filter(file => !anywhere.has(file) && !isLeftOut(file))
      .map(file => `${file} is entered, and neither told nor in the list of what is left out`),
    ...(first < 0 ? [] : [`${inPage[first]} is told where ${inOrder[first]} is entered first`]),
  ]
}

test('a message and a piece of evidence go the way that the page tells', async t => {
  const traced = await run()
  const firstOf = (entries: readonly { readonly file: string }[]) => [
    ...new Set(entries.map(one => one.file)),
  ]
  const message = firstOf(traced.message)
  const all = firstOf(traced.evidence)
  const evidence = all.slice(0, all.indexOf(LIKE_EVERY_MESSAGE) + 1)
  const compared = (page: string) => [
    ...differences(page, MESSAGE, message),
    ...differences(page, EVIDENCE, evidence),
  ]

  await t.test('as it stands', () => assert.deepEqual(compared(read()), []))

  const swapped = (a: string, b: string) => (page: string) =>
    page.replace(a, '\0').replace(b, a).replace('\0', b)
  const changes: Readonly<Record<string, (page: string) => string>> = {
    'another file of the way': page => page.replaceAll('weigh-message.ts', 'is-harmless.ts'),
    'a file left out': page => page.replace('`src/engine/intake/weigh-message.ts`', ''),
    'two files swapped': swapped('intake/examine.ts', 'intake/look-inside.ts'),
    'two other files swapped': swapped('judging/look-up.ts', 'judging/counting.ts'),
    'a folder left out': page => page.replaceAll(/`src\/mail\/[\w./-]+`/g, ''),
    'a file that is not on the way': page => page.replaceAll('header-end.ts', 'srs.ts'),
  }
  for (const [what, change] of Object.entries(changes))
    await t.test(`red: ${what}`, () => {
      assert.notEqual(change(read()), read())
      assert.notDeepEqual(compared(change(read())), [])
    })
})

test('what is left out is there', () => {
  assert.deepEqual(
    leftOut.filter(path => !existsSync(path)),
    [],
  )
})
