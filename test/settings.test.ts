// What a setting is stands beside it: every number and boolean of a type of settings has a comment, with its unit; one that comes from the
// configuration names its setting, and says the default and the range that docs/configuration.md prints of it, which is made of the schema.
// That page has no row without a default or a meaning, none with a number or a boolean without its values.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type SettingField, settingFields } from './support/setting-fields.ts'

/** Types, and fields, of settings that no configuration has: a caller gives them, and what they bound. */
const NOT_CONFIGURED: Readonly<Record<string, string>> = {
  ArchiveLimits: 'work that one message may make, see its LIMITS',
  BudgetSettings: 'memory of a table',
  'EngineSettings.redirectsToUs': 'follows from other settings',
  CountersOptions: 'found when the store is opened, and memory of a table',
  FailureSettings: 'memory of a table, and what its caller counts',
  'HeloChangingSettings.window': 'an hour',
  KeyOptions: 'found when the data folder is opened',
  LedgerOptions: 'found when the data folder is opened',
  OpenCaps: 'a count, not a setting',
  OwedOptions: 'memory of a table',
  PolicyReplayOptions: 'an argument of a command',
  'PolicySettings.knowsFullMailboxes': 'follows from other settings',
  'Setup.mayXclient': 'follows from the client’s address',
  'Setup.tlsAvailable': 'follows from the certificate',
  ProbeSettings: 'the port that a test needs',
  'RouteSettings.exchangerPort': 'the port that a test needs',
  WrongSecretsSettings: 'memory of a table',
}

/** Flags of commands: `--help` says what they are. */
const FLAGS = 'src/cli/'

const PAGE = readFileSync('docs/configuration.md', 'utf8')

/** A default that is longer stands on the page alone. */
const LONG = 60

/** The settings, and `100 by default, 1 to 10000` of each as the page has it; of a choice, all that may be chosen. */
const SETTINGS: ReadonlyMap<string, string> = new Map(
  Array.from(
    PAGE.matchAll(/^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \|/gm),
    ([, path = '', standard = '', values = '']) => {
      const [, each, range] =
        /^(list; each: )?((?:more than )?[\d.]+(?:ms|[smhd])? to [\d.]+[smhd]?)(?!\d| characters)/.exec(
          values,
        ) ?? []
      const written = standard.replaceAll(/[`*[\]"]/g, '').replaceAll(',', ', ')
      const given = written.length > LONG ? 'a list' : written
      const isChoice =
        !range &&
        !given.includes(',') &&
        /^[\w-]+(?:, [\w-]+)+ *$/.test(values) &&
        values !== 'true, false'
      return [
        path,
        [
          given === 'must be given' ? given : `${given} by default`,
          ...(range ? [`${each ? 'each ' : ''}${range}`] : []),
          ...(isChoice && values.length <= LONG ? [values.replace(/, (?=[^,]*$)/, ' or ')] : []),
        ].join(', '),
      ]
    },
  ),
)

/** How many characters a text may have, as the page says it. */
const LENGTHS: ReadonlyMap<string, string> = new Map(
  Array.from(
    PAGE.matchAll(/^\| `([^`]+)` \| [^|]* \| ([^|]*?) *\|/gm),
    ([, path = '', values = '']) => [path, values],
  ),
)

/** Last words of the settings that are texts, choices or lists, and have a default. */
const TEXTS = new Set(
  [...SETTINGS]
    .filter(
      ([, said]) =>
        /^\d+\.\d+\.\d+\.\d+ /.test(said) ||
        !/^(?:none|nothing|must be given|true|false|\d)/.test(said),
    )
    .map(([path]) => path.split('.').at(-1)),
)

/** What is wrong with the comment of a field. A text needs none where no setting of its name has a default. */
function wrongWith({ name, comment, isPlain }: SettingField): string[] {
  if (!isPlain && !TEXTS.has(name.split('.')[1]) && !/`[^`]+`, .* by default/.test(comment ?? ''))
    return []
  if (comment === undefined) return [`${name} has no comment`]
  if (name in NOT_CONFIGURED || (name.split('.')[0] ?? '') in NOT_CONFIGURED) return []
  const [, path = ''] = /`([^`]+)`, /.exec(comment) ?? []
  const right = SETTINGS.get(path)
  if (right === undefined) return [`${name} names no setting`]
  const said = comment.replaceAll(/(?<=\d),(?=\d{3})/g, '')
  const standard = `\`${path}\`, ${right}`
  if (!said.includes(standard)) return [`${name} does not say "${right}"`]
  const [, more] =
    /^, (\d[\d.]* to [^.;:]*)/.exec(said.slice(said.indexOf(standard) + standard.length)) ?? []
  return more === undefined || more === LENGTHS.get(path) ? [] : [`${name} says "${more}"`]
}

const fields = globSync('src/**/*.ts')
  .filter(file => !file.endsWith('.test.ts') && !file.startsWith(FLAGS))
  .flatMap(file => settingFields(file, readFileSync(file, 'utf8')))

test('every number, boolean, text, choice and list of settings says what it is, its default and its range', () => {
  assert.ok(fields.length > 90)
  assert.deepEqual(fields.flatMap(wrongWith), [])
  const names = fields.map(({ name }) => name)
  const unused = Object.keys(NOT_CONFIGURED).filter(
    one => !names.some(name => name === one || name.startsWith(`${one}.`)),
  )
  assert.deepEqual(unused, [])
})

test('a field without a comment, without its setting or with another number is seen', () => {
  const seen = (type: string) => settingFields('a.ts', type).flatMap(wrongWith)
  const most = (comment: string) =>
    seen(
      `export type ASettings = {\n  readonly a: string\n  ${comment}\n  readonly most: number\n}\n`,
    )
  assert.deepEqual(most(''), ['ASettings.most has no comment'])
  assert.deepEqual(most('/** Most at once. */'), ['ASettings.most names no setting'])
  assert.deepEqual(most('/** `delivery.atOnce`, 100 by default, 1 to 10,000. */'), [])
  assert.deepEqual(most('/** `delivery.atOnce`, 200 by default, 1 to 10,000. */'), [
    'ASettings.most does not say "100 by default, 1 to 10000"',
  ])
  assert.deepEqual(most('/** `delivery.atOnce`, 100 by default. */'), [
    'ASettings.most does not say "100 by default, 1 to 10000"',
  ])
  const text = (comment: string) =>
    seen(
      `type ALimits = {\n  /** \`provider\`, Your provider by default${comment}. */\n  readonly provider: string\n}\n`,
    )
  assert.deepEqual(text(', 1 to 200 characters'), [])
  assert.deepEqual(text(', 1 to 20'), ['ALimits.provider says "1 to 20"'])
  assert.deepEqual(seen('type ALimits = { readonly words: string; readonly port?: number }'), [
    'ALimits.port has no comment',
  ])
  assert.deepEqual(
    seen('type ACaps = B & { list: { readonly on: boolean }; f(a: number): void }'),
    ['ACaps.on has no comment'],
  )
})

function rowsWithGaps(page: string): string[] {
  const rows = Array.from(
    page.matchAll(/^\| (`[^`]+`) \|(.*)\|$/gm),
    ([, path = '', rest = '']) => ({
      path,
      cells: rest
        .replaceAll(String.raw`\|`, '')
        .split('|')
        .map(cell => cell.trim()),
    }),
  )
  assert.ok(rows.length > 200)
  return rows
    .filter(({ cells: [standard = '', values = '', effect = '', meaning = ''] }) => {
      const isOne = /^`(?:\d.*|true|false)`$/.test(standard)
      return standard === '' || effect === '' || meaning === '' || (isOne && values === '')
    })
    .map(({ path }) => path)
}

test('no setting stands in the documentation without its default, values and meaning', () => {
  assert.deepEqual(rowsWithGaps(PAGE), [])
  for (const planted of [
    '| `a` |  | 1 to 2 | at a reload | What it is |',
    '| `a` | `5` |  | at a reload | What it is |',
    '| `a` | `5` | 1 to 7 | at a reload |  |',
  ])
    assert.deepEqual(rowsWithGaps(`${PAGE}\n${planted}\n`), ['`a`'])
})
