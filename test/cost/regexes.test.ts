// Every regular expression in src/ takes time in proportion to what it reads: proved one by one (ambiguity.ts), or named here with
// what makes it harmless. A new one that cannot be proved is red until it is written differently or named.

import { BODY, FLAGS } from '../../src/doors/imap/stored-letter.ts'
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Node, parseSync, Visitor } from 'oxc-parser'
import { patternOf } from '../../src/sensors/nat-log/block-lines.ts'
import { superlinear } from './ambiguity.ts'

/** Not proved: each with the bound of its input, or why the proof sees more ways than there are. */
const BOUNDED: Readonly<Record<string, string>> = {
  "(?<space>[ \\t]+)|(?<comment>\\([\\t -'*-[\\]-~\\x80-\\xff]*\\))|(?<quoted>\"(?:[\\t !#-[\\]-~\\x80-\\xff]|\\\\[ -~])*\")(?!@)|<(?<angle>[ -'*-;=?-~\\x80-\\xff]*)>|(?<comma>,)|(?<word>[!#-'*+\\--9=?-[\\]-~\\x80-\\xff]+)":
    'a From: sticky, so it is tried at one place only, and the first piece that fits nowhere ends the reading; mailboxes.ts is given 10,000 characters',
  '"(?:[^"\\\\]|\\\\.)*"|\\([^()]*\\)':
    'a From that the strict grammar has taken: each quote and comment ends; mailboxes.ts is given 10,000 characters',
  '(?<![0-9a-f])[a-f]*\\d[0-9a-f]*':
    'the look behind lets it begin only at the beginning of a word',
  '(?<=^|[\\s,;:(<])[\\w+-]+(?:\\.[\\w+-]+)*@[\\w-]+(?:\\.[\\w-]+)+(?=\\s*(?:[,;:)>]|$))':
    'a From of at most 2,000 characters: name-in-front.ts; an address begins only behind a sign, and behind it only space is passed over',
  '[^\\s<>"\'(),:;[\\]]+@(?=[\\w.-])': 'a reply: smtp-client.ts keeps 500 characters of it',
}

/** Of these files no expression is proved: each with the bound of its input. */
const BOUNDED_FILES: Readonly<Record<string, string>> = {
  'src/sensors/mail-log/':
    'texts of at most LONGEST_TEXT characters, with greedy fields between anchors: test/cost/log-lines.test.ts has what is worst for them',
  'src/app/who-spams/read-logs.ts': 'what another server said, in such a text',
}
const isBounded = (file: string) => Object.keys(BOUNDED_FILES).some(one => file.startsWith(one))

/** Expressions that are put together while the program runs, by file: examples of what comes out. */
const MADE: Readonly<Record<string, readonly RegExp[]>> = {
  'src/doors/imap/stored-letter.ts': [BODY, FLAGS],
  'src/doors/policy-delegation/codec.ts': [
    /^()request=([^\n]*)\nsender=([^\n]*)\nstress=[^\n]*\n\n/,
  ],
  'src/drivers/network/nftables/foreign-changes.ts': [/ inet cordon(?: |$)/],
  'src/drivers/scanners/heuristic.ts': [/[A-Z]{5}/],
  'src/sensors/nat-log/block-lines.ts': [
    patternOf('NAT: Subscriber {inside} used port range {outside}:{first}-{last} ends'),
    patternOf('{inside} {outside} {first} {last}'),
    patternOf('{inside}:{outside}'),
    patternOf('PBA_ALLOC: {inside} {any} [{any}] blocks, {first} {count} from {outside} in {any}'),
  ],
}

/** The operator's own, and what plays with itself. */
const NOT_ASKED = /^src\/(?:lab|simulation)\/|\.test\.ts$/

type LocatedRegex = { readonly at: string; readonly expression: RegExp }

function expressionsIn(file: string): { found: readonly LocatedRegex[]; made: number } {
  const text = readFileSync(file, 'utf8')
  const found: LocatedRegex[] = []
  let made = 0
  const maker = (callee: Node) => {
    if (callee.type === 'Identifier' && callee.name === 'RegExp') made++
  }
  new Visitor({
    Literal: node => {
      if (!('regex' in node) || !node.regex) return
      const line = text.slice(0, node.start).split('\n').length
      const { pattern, flags } = node.regex
      found.push({ at: `${file}:${line}`, expression: new RegExp(pattern, flags) })
    },
    NewExpression: ({ callee }) => maker(callee),
    CallExpression: ({ callee }) => maker(callee),
  }).visit(parseSync(file, text).program)
  return { found, made }
}

function problem(expression: RegExp): string | undefined {
  try {
    return superlinear(expression)
  } catch (error) {
    return `not to be told: ${String(error)}`
  }
}

const FILES = globSync('src/**/*.ts').filter(file => !NOT_ASKED.test(file) && !isBounded(file))

test('every expression is linear, or its input is bounded', () => {
  const all = FILES.flatMap(file => expressionsIn(file).found)
  assert.ok(all.length > 200, 'they are found')
  const named = new Set(Object.keys(BOUNDED))
  const bad = all.flatMap(({ at, expression }) => {
    const why = problem(expression)
    if (why === undefined || named.delete(expression.source)) return []
    return expression.source in BOUNDED ? [] : [`${at} ${String(expression)} is ${why}`]
  })
  assert.deepEqual(bad, [])
  assert.deepEqual([...named], [], 'named, and not there or not needed')
})

test('what is put together while the program runs is, too', () => {
  const made = FILES.filter(file => expressionsIn(file).made > 0)
  assert.deepEqual(made.toSorted(), Object.keys(MADE).toSorted())
  for (const expression of Object.values(MADE).flat())
    assert.equal(problem(expression), undefined, String(expression))
})

test('the proof tells slow expressions from quick ones', () => {
  const SLOW = [
    /(a+)+$/,
    /(a|aa)+$/,
    /^(\w+\s?)*$/,
    /(x+x+)+y/,
    /^(?:.*,)*x$/,
    /(a|a)*b/,
    /(?:a*)*b/,
    /^(?:(a)|b|(a))*c$/,
    /^(?:a?b?)*c/,
    /^((ab)*)+$/,
    /\s+$/,
    /^.*x.*y$/,
    /<([^>]*)>/,
    / for (.+)$/,
    /exceed\w* size/i,
    /[a-f]*\dz/,
    /^(\d+)(\d+)$/,
    /^\s*\w*\s*\w*\s*$/,
    /^Subject ([^:]+):$/im,
    /a{2,}b/,
  ]
  const QUICK = [
    /;\d+$/,
    /[a-z]+/g,
    /\p{L}{3,}/gu,
    /^(?:a|b)*c$/,
    /^"(?:[^"\\]|\\.)*"$/,
    /^[a-z]+(?:\.[a-z]+)*$/,
    /^Subject: (.*)$/im,
    /:\d*$/,
    /^(?:ab|ac)*d/,
    /^(?:a|ab)*(?:b|c)*d$/,
    /(?:spam|virus).{0,30}found/i,
    /^[^,]*,[^,]*,[^,]*$/,
  ]
  for (const expression of SLOW) assert.notEqual(problem(expression), undefined, String(expression))
  for (const expression of QUICK) assert.equal(problem(expression), undefined, String(expression))
  assert.match(problem(/(a)\1+/) ?? '', /not to be told/)
  assert.match(problem(/(?=a*b)a/) ?? '', /not to be told/)
})
