// The documentation is linted: generated pages are fresh, what is named exists, what exists is named, and the commands
// marked as runnable are commands.

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { program } from '../src/cli/program.ts'
import { EVENTS, generated } from '../tools/docs.ts'
import { reasonEnds } from '../tools/docs/reason-ends.ts'
import { REASONS } from '../src/model/reason.ts'
import { constantsOf, evidenceConstants, NOT_EVIDENCE } from '../tools/docs/evidence-constants.ts'

const ROOT = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']
const pages = [...ROOT, ...globSync('docs/**/*.md')]
const read = (path: string) => readFileSync(path, 'utf8')
const sources = globSync('src/**/*.ts').filter(file => !file.endsWith('.test.ts'))

test('generated pages are fresh (say "npm run docs")', () => {
  for (const [path, content] of Object.entries(generated())) assert.equal(read(path), content, path)
})

test('the changelog begins with the version that --version prints', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  const [first = ''] = read('CHANGELOG.md').match(/^## .*/m) ?? []
  assert.ok(first === `## ${version} (unreleased)` || first.startsWith(`## ${version} - `), first)
})

test('prose is wrapped as .editorconfig says', () => {
  const [, most = ''] = /\[\*\.md\]\nmax_line_length = (\d+)/.exec(read('.editorconfig')) ?? []
  assert.equal(most, '160')
  const made = new Set(Object.keys(generated()))
  const long = pages
    .filter(page => !made.has(page))
    .flatMap(page =>
      read(page)
        // In a list it is indented.
        .replaceAll(/^ *```[^]*?^ *```/gm, '')
        .split('\n')
        .filter(line => line.length > Number(most) && !line.startsWith('|'))
        .map(line => `${page}: ${line}`),
    )
  assert.deepEqual(long, [])
})

/** What is wrong with the fences of a page: wrapped like prose, the commands inside would become one. */
function wrongFences(text: string): readonly string[] {
  const fences = text.split('\n').filter(line => line.includes('```'))
  const wrong = fences.filter(line => !/^ *```[a-z]*$/.test(line))
  const open = fences.filter((line, i) => i % 2 === 1 && !/^ *```$/.test(line))
  return [...wrong, ...open, ...(fences.length % 2 === 0 ? [] : ['a block is not closed'])]
}

test('a block of commands keeps its lines', () => {
  for (const page of pages) assert.deepEqual(wrongFences(read(page)), [], page)
  for (const planted of ['```sh a\nb ```', '   ```text (echo', '```sh\na\n```sh\nb\n```', '```\n'])
    assert.notDeepEqual(wrongFences(planted), [], planted)
})

test('every constant of the evidence is in its table, with what it is', () => {
  const { known, unknown } = evidenceConstants()
  assert.ok(known.length > 40)
  assert.deepEqual(unknown, [], 'neither evaluated nor in NOT_EVIDENCE')
  assert.deepEqual(
    known.filter(one => one.comment === '').map(one => `${one.file} ${one.name}`),
    [],
    'without a comment',
  )
  for (const one of Object.keys(NOT_EVIDENCE)) {
    const [file = '', name] = one.split(' ')
    const all = constantsOf(file, read(file))
    assert.ok(name ? all.some(each => each.name === name) : all.length > 0, one)
  }
  assert.deepEqual(
    constantsOf(
      'a.ts',
      "/** Why. */\nconst A = 2 * DAY\n\nconst B = A\nconst C = f(3)\nconst D = 'd'\n",
    ),
    [
      { file: 'a.ts', name: 'A', value: '2d', comment: 'Why.' },
      { file: 'a.ts', name: 'B', value: '2d', comment: '' },
      { file: 'a.ts', name: 'C', value: '', comment: '' },
    ],
  )
})

test('every reason ends in a way that the source has', () => {
  const ends = reasonEnds()
  assert.deepEqual(
    Object.keys(REASONS).filter(reason => !ends.has(reason as keyof typeof REASONS)),
    [],
  )
  assert.deepEqual(ends.get('evidence'), ['hold'])
  assert.deepEqual(ends.get('greylisted'), ['defer'])
  assert.deepEqual(ends.get('not-welcome'), ['reject', 'defer', 'discard'])
})

test('every path that is named exists', () => {
  for (const page of pages) {
    for (const [, path = ''] of read(page).matchAll(
      /(?<![\w/.-])((?:src|test|docs|tools|bench|etc|bin)\/[\w./-]*[\w/])/g,
    )) {
      assert.ok(existsSync(path), `${page} names ${path}`)
    }
  }
})

/** As they are shown: in lower case, without signs, a dash for a space. */
const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set(
    Array.from(read(page).matchAll(/^#{1,6} (.+)$/gm), ([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )

test('every link leads to a page, and every anchor to a heading of it', () => {
  const wrong: string[] = []
  for (const page of pages)
    for (const [, link = '', anchor] of read(page).matchAll(
      /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g,
    )) {
      const path = link === '' ? page : join(dirname(page), link)
      const isThere = existsSync(path)
      if (
        !isThere ||
        (anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).has(anchor))
      )
        wrong.push(`${page}: ${link}#${anchor ?? ''}`)
    }
  assert.deepEqual(wrong, [])
})

test('every page of docs is reached from the README or from a page that is', () => {
  const known = pages.map(read).join('\n')
  for (const page of globSync('docs/*.md')) {
    const name = page.slice('docs/'.length)
    assert.ok(known.includes(name), `${page} is not linked`)
  }
})

test('every kind of event is documented, and none that does not exist', () => {
  const files = sources.filter(file => /^src\/model\/(?:[a-z]+-)?event\.ts$/.test(file))
  const union = files.map(read).join('')
  const kinds = [...union.matchAll(/readonly kind: ((?:'[a-z-]+'(?: \| )?)+)/g)].flatMap(match =>
    [...(match[1] ?? '').matchAll(/'([a-z-]+)'/g)].map(one => one[1]),
  )
  assert.deepEqual(
    Object.keys(EVENTS).toSorted((a, b) => a.localeCompare(b)),
    [...new Set(kinds)].toSorted((a, b) => (a ?? '').localeCompare(b ?? '')),
  )
})

test('every metric is documented', () => {
  const page = read('docs/operations.md')
  const source =
    read('src/drivers/metrics/event-metrics.ts') + read('src/drivers/metrics/operations.ts')
  const names = [...source.matchAll(/(?:counter|gauge)\(\s*'([a-z_]+)'/g)].map(match => match[1])
  const heard = sources
    .filter(file => /^src\/(?:sensors|wire)\//.test(file))
    .flatMap(file =>
      [...read(file).matchAll(/\bmetric: '([a-z_]+)'/g)].map(one => `${one[1]}_total`),
    )
  assert.ok(names.length > 10 && heard.length > 2)
  for (const name of [...names, ...heard])
    assert.match(page, new RegExp(`\`cordon_${name}[\`{]`), `cordon_${name}`)
})

const heardOf = (name: string): boolean =>
  sources.some(file =>
    read(file).includes(`metric: '${name.replace(/^cordon_(.*)_total$/, '$1')}'`),
  )

test('a metric stands in the docs with labels and values that it has', () => {
  const source =
    read('src/drivers/metrics/event-metrics.ts') + read('src/drivers/metrics/operations.ts')
  // Biome breaks a long list of labels over several lines.
  const made = /(?:counter|gauge)\(\s*'([a-z_]+)',[^[\])]*(?:\[([^\]]*)\])?/g
  const whole = /name: 'cordon_([a-z_]+)',[^[\]}]*labelNames: \[([^\]]*)\]/g
  const labels = new Map<string, string>(
    [...source.matchAll(made), ...source.matchAll(whole)].map(
      ([, name = '', list = '']) => [`cordon_${name}`, list] as const,
    ),
  )
  let count = 0
  for (const page of pages)
    for (const [, name = '', asked = ''] of read(page).matchAll(/(cordon_[a-z_]+)\{([^}]*)\}/g))
      for (const [, label = '', value] of asked.matchAll(/([a-z_]+)(?:="([^"]*)")?/g)) {
        // What sensors count is registered by what counts it.
        const known = labels.get(name) ?? (heardOf(name) ? `'${label}'` : '')
        assert.ok(known.includes(`'${label}'`), `${page}: ${name} has no ${label}`)
        if (label === 'observed')
          assert.ok(['yes', 'no'].includes(value ?? ''), `${page}: ${value}`)
        count++
      }
  assert.ok(count > 1)
})

test('what makes a message unreadable stands with its metric', () => {
  const [union = ''] =
    /export const DAMAGED[^]*type Unreadable =[^]*?\n\n/.exec(read('src/model/message.ts')) ?? []
  const [row = ''] = /.*cordon_unreadable_messages_total.*/.exec(read('docs/operations.md')) ?? []
  const kinds = [...union.matchAll(/'([a-z-]+)'/g)].map(([, kind = '']) => kind)
  assert.ok(kinds.length > 8)
  for (const kind of kinds) assert.ok(row.includes(kind), kind)
})

test('every RFC cited in the source stands in docs/standards.md', () => {
  const table = read('docs/standards.md')
  for (const file of sources) {
    for (const [cited] of read(file).matchAll(/RFC \d{3,4}/g)) {
      assert.ok(new RegExp(`${cited}\\b`).test(table), `${file} cites ${cited}`)
    }
  }
})

test('all sixty-three promises are listed, in order', () => {
  const numbers = [...read('docs/promises.md').matchAll(/^\| (\d+) \|/gm)].map(match =>
    Number(match[1]),
  )
  assert.deepEqual(
    numbers,
    Array.from({ length: 63 }, (_, i) => i + 1),
  )
})

test('every command in a shell block is one', async () => {
  const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts
  const commands = new Map((await program()).commands.map(command => [command.name(), command]))
  for (const page of pages) {
    for (const [, block = ''] of read(page).matchAll(/```sh\n([\s\S]*?)```/g)) {
      for (const line of block.split('\n').filter(Boolean)) {
        const [first = '', second = '', third = ''] = line.split(' ')
        if (line.startsWith('npm run ')) assert.ok(third in scripts, `${page}: ${line}`)
        else if (line.startsWith('npx cordon ')) {
          const command = commands.get(third)
          assert.ok(command, `${page}: ${line}`)
          const sub = line.split(' ')[3]
          const subs = command.commands.map(one => one.name())
          if (sub && subs.length > 0 && !sub.startsWith('-'))
            assert.ok(subs.includes(sub), `${page}: ${line}`)
        } else
          assert.ok(first === 'npm' && ['ci', 'start', 'test'].includes(second), `${page}: ${line}`)
      }
    }
  }
})

test('decisions are numbered without gaps, and short', () => {
  const decisions = globSync('docs/decisions/*.md').sort()
  for (const [i, path] of decisions.entries()) {
    assert.match(path, new RegExp(`/${String(i + 1).padStart(4, '0')}-`))
    assert.ok(read(path).split('\n').length <= 40, path)
  }
})

/** Of texts and comments: the page, and the words under which it says it. */
const SAYS_WHERE = /(docs\/[\w-]+\.md) [^"'`]*\("([^"]+?)\.?"\)/g

test('a page that a text names has the words under which it says it', () => {
  const named = globSync('src/**/*.ts').flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(SAYS_WHERE)].map(([, page = '', words = '']) => ({
      page,
      words,
    })),
  )
  assert.ok(named.length > 2)
  assert.deepEqual(
    named.filter(({ page, words }) => !readFileSync(page, 'utf8').includes(words)),
    [],
  )
})
