// What a setting is stands beside it: every number and boolean of a type of settings has a comment, with its unit; one that comes from the
// configuration names its setting, and says the default and the range that docs/configuration.md prints of it, which is made of the schema.
// That page has no row without a default or a meaning, none with a number or a boolean without its values.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type SettingField, settingFields } from './support/setting-fields.ts'
import { settingTypes } from './support/setting-types.ts'

/** Types, and fields, of settings that no configuration has: a caller gives them, and what they bound. */
const NOT_CONFIGURED: Readonly<Record<string, string>> = {
  ArchiveLimits: 'work that one message may make, see its LIMITS',
  'BesideListener.fd': 'is given by systemd',
  'BesideListener.shared': 'follows from threads',
  BudgetSettings: 'memory of a table',
  'EngineSettings.observes': 'follows from another setting',
  'EngineSettings.redirectsToUs': 'follows from other settings',
  'SessionSettings.knownBy': 'follows from radius.subscriber',
  CpeSettings: 'a modem of the lab',
  CountersOptions: 'found when the store is opened, and memory of a table',
  FailureSettings: 'memory of a table, and what its caller counts',
  'HeloChangingSettings.window': 'an hour',
  Hop: 'what a route or a mail exchanger became',
  KeyOptions: 'found when the data folder is opened',
  'MailLogSettings.resultsOnly': 'follows from how the policy service counts',
  LedgerOptions: 'found when the data folder is opened',
  OpenCaps: 'a count, not a setting',
  OwedOptions: 'memory of a table',
  SpoolMark: 'found when the data folder is opened',
  'PolicySettings.knowsFullMailboxes': 'follows from other settings',
  'Setup.mayXclient': 'follows from the client’s address',
  'Setup.tlsAvailable': 'follows from the certificate',
  Prefix: 'a prefix that was read',
  ProbeSettings: 'the port that a test needs',
  Tlsa: 'what a mail exchanger must show, read in the DNS',
  'RouteSettings.exchangerPort': 'the port that a test needs',
  WrongSecretsSettings: 'memory of a table',
}

/** Flags of commands, of which `--help` says what they are; the schema itself; and what no provider configures. */
const NO_SETTINGS = /^src\/(?:cli|config|simulation|lab)\/|\/config-schema\.ts$/

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

/** What the page says of how a setting is turned off, or what it is without one. */
const TURNS_OFF = /\b[Oo]ff\b|when empty|\b0s?: |; without (?:it|this)|\bfalse: /
/** What a comment says of it. */
const SAYS_OFF =
  /\boff\b|when (?:it is |there (?:is|are) )?(?:empty|none)|\b[Ww]ithout\b|\b0s?:|\bfalse:/

/** Settings of which the page says it. */
const CAN_BE_OFF: ReadonlySet<string> = new Set(
  Array.from(PAGE.matchAll(/^\| `([^`]+)` \|.*\| (.*) \|$/gm)).flatMap(
    ([, path = '', meaning = '']) => (TURNS_OFF.test(meaning) ? [path] : []),
  ),
)
const sorted = (words: readonly string[]) => words.toSorted().join(', ')
const lastWord = (path: string) => path.split('.').at(-1)?.replace('[]', '')
/** Their last words. */
const OFF_WORDS = new Set([...CAN_BE_OFF].map(lastWord))

/** What may be chosen, of the settings that are choices. */
const CHOICES: ReadonlySet<string> = new Set(
  [...LENGTHS.values()].map(values => sorted(values.replace('list; each: ', '').split(', '))),
)

/** Last words of the settings that are texts, choices or lists, and have a default. */
const TEXTS = new Set(
  [...SETTINGS]
    .filter(
      ([, said]) =>
        /^\d+\.\d+\.\d+\.\d+ /.test(said) ||
        !/^(?:none|nothing|must be given|true|false|\d)/.test(said),
    )
    .map(([path]) => lastWord(path)),
)

/** What is wrong with the comment of a field. A text needs none where no setting of its name has a default, or can be turned off. */
function wrongWith({ name, comment, isPlain, words }: SettingField): string[] {
  if (name in NOT_CONFIGURED || (name.split('.')[0] ?? '') in NOT_CONFIGURED)
    return isPlain && comment === undefined ? [`${name} has no comment`] : []
  const field = name.split('.')[1]
  const isSaid = /`[^`]+`, .* by default/.test(comment ?? '')
  const isSettings =
    TEXTS.has(field) || OFF_WORDS.has(field) || (words.length > 1 && CHOICES.has(sorted(words)))
  if (!isPlain && !isSettings && !isSaid) return []
  if (comment === undefined) return [`${name} has no comment`]
  const [, path = ''] = /`([^`]+)`, /.exec(comment) ?? []
  const right = SETTINGS.get(path)
  if (right === undefined) return [`${name} names no setting`]
  const said = comment.replaceAll(/(?<=\d),(?=\d{3})/g, '')
  const standard = `\`${path}\`, ${right}`
  if (!said.includes(standard)) return [`${name} does not say "${right}"`]
  if (CAN_BE_OFF.has(path) && !SAYS_OFF.test(comment))
    return [`${name} does not say what turns it off`]
  const [, more] =
    /^, (\d[\d.]* to [^.;:]*)/.exec(said.slice(said.indexOf(standard) + standard.length)) ?? []
  return more === undefined || more === LENGTHS.get(path) ? [] : [`${name} says "${more}"`]
}

const sources = globSync('src/**/*.ts')
  .filter(file => !file.endsWith('.test.ts'))
  .map(file => ({ file, text: readFileSync(file, 'utf8') }))
const isMeant = (file: string) => !NO_SETTINGS.test(file)
const types = settingTypes(sources, isMeant)
const fields = sources
  .filter(({ file }) => isMeant(file))
  .flatMap(({ file, text }) => settingFields(file, text, types))

test('every number, boolean, text, choice and list of settings says what it is, its default and its range', () => {
  assert.ok(fields.length > 300)
  assert.deepEqual(fields.flatMap(wrongWith), [])
  const names = fields.map(({ name }) => name)
  const unused = Object.keys(NOT_CONFIGURED).filter(
    one => !names.some(name => name === one || name.startsWith(`${one}.`)),
  )
  assert.deepEqual(unused, [])
})

test('a field without a comment, without its setting or with another number is seen', () => {
  const seen = (type: string) =>
    settingFields('a.ts', type, settingTypes([{ file: 'a.ts', text: type }], isMeant)).flatMap(
      wrongWith,
    )
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

test('a part of settings, a choice, and what turns a setting off, are seen', () => {
  const seen = (text: string) =>
    settingFields('a.ts', text, settingTypes([{ file: 'a.ts', text }], isMeant)).flatMap(wrongWith)
  const nested = 'type One = { readonly most: number }; type More = { readonly by: readonly One[] }'
  assert.deepEqual(seen(`${nested}; type ASettings = B & More`), ['One.most has no comment'])
  assert.deepEqual(seen(`${nested}; type A = More`), [])
  const words =
    "const WAYS = ['auto', 'off', 'shadow', 'pace', 'decide'] as const; type Way = (typeof WAYS)[number]"
  assert.deepEqual(seen(`${words}; type ALimits = { a: readonly Way[] }`), [
    'ALimits.a has no comment',
  ])
  assert.deepEqual(seen(`${words}; type AParts = { b: number; a: Way }`), [
    'AParts.a has no comment',
  ])
  const empty = (comment: string) =>
    seen(
      `type ALimits = {\n  /** \`flows.contacts\`, nothing by default${comment}. */\n  contacts: string[]\n}`,
    )
  assert.deepEqual(empty(''), ['ALimits.contacts does not say what turns it off'])
  assert.deepEqual(empty('; none when empty'), [])
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
