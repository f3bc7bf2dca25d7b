// The arrows between folders (docs/architecture.md): who may import whom; no circles; what comments name exists. Each was seen red when
// broken on purpose.

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { parseSync } from 'oxc-parser'

type Arrow = {
  /** Folders under src/ it may import from, besides itself. */
  readonly folders: readonly string[]
  /** Packages and node: modules; `*` for any. */
  readonly outside: readonly string[]
}

const ALL = ['*']
const ARROWS: Readonly<Record<string, Arrow>> = {
  model: { folders: [], outside: [] },
  core: { folders: ['model', 'mail', 'languages'], outside: [] },
  // Every sentence that customers read.
  languages: { folders: ['model'], outside: [] },
  ports: { folders: ['model'], outside: [] },
  config: { folders: ['model'], outside: ['zod', 'yaml', 'node:fs', 'node:path'] },
  mail: {
    folders: ['model'],
    outside: [
      'node:buffer',
      'node:crypto',
      'node:zlib',
      'nodemailer/lib/',
      'mailauth',
      'tldts',
      'postal-mime',
    ],
  },
  // What may be ordered, and asked.
  orders: { folders: ['model'], outside: ['zod'] },
  engine: { folders: ['model', 'core', 'mail', 'ports', 'orders', 'languages'], outside: [] },
  wire: { folders: ['model', 'ports'], outside: ['node:'] },
  // What the doors in front of servers of mailboxes share.
  gateway: { folders: ['model', 'mail', 'wire', 'ports'], outside: ['node:'] },
  doors: {
    folders: ['model', 'mail', 'wire', 'ports', 'gateway', 'orders', 'languages'],
    outside: ['node:', 'hono', '@hono/', 'qrcode-generator'],
  },
  sensors: { folders: ['model', 'mail', 'wire', 'ports'], outside: ['node:'] },
  drivers: { folders: ['model', 'ports', 'mail', 'wire'], outside: ALL },
  simulation: {
    folders: ['model', 'core', 'engine', 'ports', 'mail', 'wire', 'drivers', 'doors'],
    outside: ALL,
  },
  cli: { folders: ALL, outside: ALL },
  // A whole provider in namespaces, with the real program in it.
  lab: { folders: ALL, outside: ALL },
  'main.ts': { folders: ALL, outside: ALL },
  // One page of wiring for each part.
  app: { folders: ALL, outside: ALL },
}

/** What the configuration may say of a door, a sensor or a driver stands beside it (src/doors/smtp/config-schema.ts), in the words of config/fields.ts. */
const SCHEMA: Arrow = { folders: ['model', 'config'], outside: ['zod'] }

/** What the simulation may see of drivers and doors: memory drivers, and the SMTP codec. */
const SIMULATION_MAY = [
  'drivers/clock/',
  'drivers/counters/memory.ts',
  'drivers/counters/memory-states.ts',
  'drivers/directory/',
  'drivers/journal/event-bus.ts',
  'drivers/ledger/',
  'drivers/lookups/only-recipients.ts',
  'drivers/names/',
  'drivers/scanners/',
  'drivers/slow/',
  'drivers/spool/spool-direct.ts',
  'drivers/sqlite/',
  'doors/smtp/codec.ts',
]

const files = globSync('src/**/*.ts').filter(file => !file.endsWith('.test.ts'))

test('every import follows an arrow', () => {
  assert.ok(files.length > 80, 'the sources were not found')
  const wrong: string[] = []
  for (const file of files) {
    for (const target of importsOf(file)) {
      const complaint = complain(file, target)
      if (complaint) wrong.push(complaint)
    }
  }
  assert.deepEqual(wrong, [])
})

test('the pure core reads no clock, draws no random numbers and opens nothing', () => {
  const impure =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bprocess\.|\bfetch\(/
  const wrong = files.filter(
    file => /^src\/(?:core|model)\//.test(file) && impure.test(readFileSync(file, 'utf8')),
  )
  assert.deepEqual(wrong, [])
})

/** What may ask the DNS, or be handed what asks it. */
const ASKS: Readonly<Record<string, readonly string[]>> = {
  'node:dns': ['src/drivers/lookups/node-resolver.ts'],
  mailauth: [
    // Asks by what `src/drivers/authentication/mailauth.ts` hands it.
    'src/drivers/authentication/author-results.ts',
    // Only its type.
    'src/drivers/authentication/mailauth-result.ts',
    'src/drivers/authentication/mailauth.ts',
    'src/drivers/lookups/spf.ts',
    // Signs, and asks nothing.
    'src/mail/dkim-sign.ts',
  ],
}

test('names from outside are judged at one place before the DNS is asked', () => {
  const asking = (what: string) =>
    files.filter(file =>
      importsOf(file).some(target => target === what || target.startsWith(`${what}/`)),
    )
  for (const [what, allowed] of Object.entries(ASKS))
    assert.deepEqual(asking(what).toSorted(), allowed)
})

/** Of the same kind: what is read of text depends on its form, and without a zone on the machine. */
const READS_A_TIME =
  /\bDate\.parse\(|\bnew Date\((?:['"`]|(?!\)|\w+ ?[-+*]|[A-Z]+\b)(?![^)]*?(?:\b(?:at|now|date|until|time|value|day|y)\b)))/

test('text becomes a moment at one place', () => {
  const reading = files.filter(file => READS_A_TIME.test(readFileSync(file, 'utf8')))
  assert.deepEqual(reading, [])
  for (const planted of ['Date.parse(stamp)', 'new Date(stamp)', 'new Date(`${day}T00:00Z`)'])
    assert.match(planted, READS_A_TIME)
})

test('every folder of src has its arrows written down', () => {
  const rooms = new Set(files.map(file => file.split('/')[1] as string))
  assert.deepEqual([...rooms].sort(), Object.keys(ARROWS).sort())
})

/** Arrows as docs/architecture.md has them, where that is not the name itself. */
const PRINTED: Readonly<Record<string, string>> = {
  '*': 'any library',
  'nodemailer/lib/': 'parser libraries',
  mailauth: 'parser libraries',
  tldts: 'parser libraries',
  'postal-mime': 'parser libraries',
  '@hono/': 'hono',
  'simulation drivers': 'memory drivers',
  'simulation doors': 'the SMTP codec',
  'config model': 'those files, model',
}

const printed = (folder: string, { folders, outside }: Arrow): readonly string[] => {
  if (folders === ALL) return ['everything']
  const all = [...folders, ...outside].map(
    one => PRINTED[`${folder} ${one}`] ?? PRINTED[one] ?? one,
  )
  return all.length === 0 ? ['nothing'] : [...new Set(all.flatMap(one => one.split(', ')))]
}

test('docs/architecture.md has these arrows', () => {
  const page = readFileSync('docs/architecture.md', 'utf8')
  const rows = Array.from(
    page.matchAll(/^\| `src\/([\w.]+)` \|.*\| ([^|]+) \|$/gm),
    ([, folder = '', cell = '']) => [folder, cell.split(', ').toSorted()] as const,
  )
  const arrows = Object.entries(ARROWS).map(
    ([folder, arrow]) => [folder, printed(folder, arrow).toSorted()] as const,
  )
  assert.deepEqual(new Map(rows), new Map(arrows))
  assert.equal(rows.length, arrows.length)
})

test('no file imports in a circle, types neither', () => {
  assert.deepEqual(circles(new Map(files.map(file => [file, neighboursOf(file)]))), [])
  const planted = { a: ['b'], b: ['c'], c: ['b', 'd'], d: [] }
  assert.deepEqual(circles(new Map(Object.entries(planted))), [['b', 'c']])
})

test('what a comment names is there', () => {
  const commented = [...files, ...globSync('{src,test,tools,bench}/**/*.ts')]
  assert.ok(commented.length > files.length + 300)
  const gone = [...new Set(commented)].flatMap(file =>
    parseSync(file, readFileSync(file, 'utf8')).comments.flatMap(({ value }) =>
      pathsIn(value).flatMap(path => (isThere(file, path) ? [] : [`${file}: ${path}`])),
    ),
  )
  assert.deepEqual(gone, [])
  const here = 'src/engine/engine.ts'
  for (const path of pathsIn('see wiring.ts, effects/effects.ts and docs/rules.md'))
    assert.ok(isThere(here, path), path)
  assert.deepEqual(
    pathsIn('as policy/gone.ts, src/gone/ and docs/gone.md say').filter(
      path => !isThere(here, path),
    ),
    ['policy/gone.ts', 'src/gone/', 'docs/gone.md'],
  )
})

test('no file has more than 400 lines', () => {
  const long = globSync('{src,test,bench,tools}/**/*.ts').filter(
    file => readFileSync(file, 'utf8').trimEnd().split('\n').length > 400,
  )
  assert.deepEqual(long, [])
  assert.ok(
    globSync('src/engine/*').length <= 12,
    'src/engine has more rooms than a newcomer keeps in mind',
  )
  assert.ok(readFileSync('src/main.ts', 'utf8').split('\n').length <= 120)
})

test('every file opens by saying what it is for', () => {
  const silent = files.filter(file => !readFileSync(file, 'utf8').startsWith('// '))
  assert.deepEqual(silent, [])
})

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  const statements =
    /^(?:import|export)\s[^'"=]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm
  return [...source.matchAll(statements)].map(match => (match[1] ?? match[2] ?? match[3]) as string)
}

const neighboursOf = (file: string): string[] =>
  importsOf(file)
    .filter(target => target.startsWith('.'))
    .map(target => normalize(join(dirname(file), target)))

/** Those that lead back to themselves, together with those on the way (Tarjan: strongly connected components). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const number = new Map<string, number>()
  const lowest = new Map<string, number>()
  const path: string[] = []
  const found: string[][] = []
  const visit = (node: string): number => {
    const mine = number.size
    number.set(node, mine)
    lowest.set(node, mine)
    path.push(node)
    for (const next of graph.get(node) ?? []) {
      const low = number.has(next) ? (path.includes(next) ? number.get(next) : mine) : visit(next)
      lowest.set(node, Math.min(lowest.get(node) ?? mine, low ?? mine))
    }
    const low = lowest.get(node) ?? mine
    if (low === mine) {
      const circle = path.splice(path.indexOf(node))
      if (circle.length > 1) found.push(circle.toSorted())
    }
    return low
  }
  for (const node of graph.keys()) if (!number.has(node)) visit(node)
  return found
}

/** Files of ours, and folders that begin at the top. */
const pathsIn = (comment: string): string[] =>
  [
    ...comment.matchAll(
      /(?<![\w./@*:-])(?:(?:src|test|docs|tools|bench|etc|bin)\/[\w./-]*[\w/]|(?:[\w-]+\/)*[a-z][\w.-]*\.(?:ts|md|mjs|dialog)\b)/g,
    ),
  ].map(([path]) => path)

/** Beside the file, in its room, or from the top. */
const isThere = (file: string, path: string): boolean =>
  [dirname(file), file.split('/').slice(0, 2).join('/'), 'src', '.'].some(from =>
    existsSync(join(from, path)),
  )

function complain(file: string, target: string): string | undefined {
  const room = file.split('/')[1] as string
  const arrow = file.endsWith('/config-schema.ts') ? SCHEMA : (ARROWS[room] as Arrow)
  if (!target.startsWith('.')) {
    const fits = arrow.outside.some(
      allowed =>
        allowed === '*' ||
        target === allowed ||
        (/[:/]$/.test(allowed) ? target.startsWith(allowed) : target.startsWith(`${allowed}/`)),
    )
    return fits ? undefined : `${file} imports ${target}`
  }
  const path = normalize(join(dirname(file), target)).replace(/^src\//, '')
  const other = path.split('/')[0] as string
  if (room === 'config' && path.endsWith('/config-schema.ts')) return undefined
  if (arrow === SCHEMA && other === 'config' && path !== 'config/fields.ts')
    return `${file} imports ${path}, which gathers it`
  if (other === room) return sibling(file, path, room)
  const fits = arrow.folders.includes('*') || arrow.folders.includes(other)
  if (!fits) return `${file} imports ${path}`
  const sees =
    room !== 'simulation' ||
    !['drivers', 'doors'].includes(other) ||
    SIMULATION_MAY.some(may => path.startsWith(may))
  return sees ? undefined : `${file} imports ${path}, which is no memory driver`
}

/** Doors do not know each other. */
function sibling(file: string, path: string, room: string): string | undefined {
  const mine = file.split('/')[2]
  const theirs = path.split('/')[1]
  return room === 'doors' && mine !== theirs ? `${file} imports another door, ${path}` : undefined
}
