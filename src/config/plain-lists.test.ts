// Two readers of one text: whatever the plain one takes, the library reads alike, and finds nothing wrong with it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseDocument } from 'yaml'
import { exampleConfig } from './example.ts'
import { plainLists } from './plain-lists.ts'
import { readYaml } from './source.ts'

const FLOW = `hostname: mail.isp.example
subscribers:
  - { id: "10017", plan: consumer, logins: [{ name: a@isp.example, addresses: [a.b@isp.example] }] }
  - { id: kd2, flags: [], contacts: ['b@isp.example'] }
leases:
  - { realm: main, prefix: 2001:db8:17::/56, subscriber: "10017", ports: [1024, 2047] }
  - { prefix: 203.0.113.7, subscriber: kd2 }
drainFor: 10s
`
const BLOCK = `domains: [isp.example]
subscribers:
  # the first
  - id: "10017"
    contacts: [anna@isp.example]
    portalPasswordHash: argon2id$19456$2$AAAA==$AAAA=
    logins:
      - name: anna@isp.example
        addresses: [anna.ek@isp.example]

      - name: anna2@isp.example
  - id: kd2
    place:
      city: graz
      floor: 3
leases:
  - prefix: 203.0.113.7/32
    subscriber: kd2
`

/** What the plain reader makes of it, with the library for the rest; undefined where it has a doubt. */
function plainly(text: string): unknown {
  const found = plainLists(text, 1)
  if (!found) return undefined
  const document = parseDocument(found.rest, { uniqueKeys: true })
  if (document.errors.length + document.warnings.length > 0) return undefined
  const value = document.toJS() as Record<string, unknown>
  for (const [key, items] of found.lists) {
    const there = value[key]
    if (!Array.isArray(there) || there.length > 0) return undefined
    there.push(...(items as unknown[]))
  }
  return value
}

function mustAgree(text: string): boolean {
  const ours = plainly(text)
  if (ours === undefined) return false
  const theirs = parseDocument(text, { uniqueKeys: true })
  assert.deepEqual([...theirs.errors, ...theirs.warnings], [], text)
  assert.deepEqual(ours, theirs.toJS(), text)
  return true
}

test('lists as they are documented are read, as the library reads them', () => {
  for (const text of [FLOW, BLOCK, exampleConfig()]) {
    assert.ok(mustAgree(text), text)
    const { lists } = plainLists(text, 1) ?? { lists: new Map() }
    assert.ok(lists.has('subscribers') && lists.has('leases'), text)
  }
})

test('what could be read in another way is left to the library', () => {
  for (const item of [
    '{ id: 10017, id: 10018 }',
    '{ id: true }',
    '{ id: Null }',
    '{ id: 1e3 }',
    '{ id: 007 }',
    '{ id: 0x1F }',
    '{ id: 1.5 }',
    '{ id: a b }',
    '{ id: a, }',
    '{ id: &a x }',
    '{ id: *a }',
    '{ id: !!str 1 }',
    '{ id: "a\\u0041" }',
    "{ id: 'it''s' }",
    '{ id }',
    '{ id: x } # note',
    '{ id: x',
    '[a: b]',
    '- a',
    'id: x\n      more',
    'id: |\n      text',
    'id:',
    'id: x\n    id: y',
    'id: x\n   plan: y',
    'null: x',
    '<<: x',
    '"id": x',
    'a: b: c',
    '{ name: Zo\u00eb }',
    'id: x\r',
  ])
    assert.equal(plainLists(`a: 1\nsubscribers:\n  - ${item}\n`, 1), undefined, item)
})

const SIGNS = [
  ...':,-#{}[]"\'&*!|>%@`?\\ \n\t~=.01ax',
  '\n  - ',
  ': ',
  ' #',
  '\n    ',
  '---\n',
  '\r\n',
  '\u00a0',
  '\ufeff',
]

test('whatever stands in it, the plain reader agrees with the library or has a doubt', () => {
  let agreed = 0
  const edit = fc.record({
    at: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
    out: fc.integer({ min: 0, max: 3 }),
    sign: fc.constantFrom('', ...SIGNS),
  })
  fc.assert(
    fc.property(
      fc.constantFrom(FLOW, BLOCK),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      (text, edits) => {
        const edited = edits.reduce<string>((now, { at, out, sign }) => {
          const place = Math.floor(at * now.length)
          return now.slice(0, place) + sign + now.slice(place + out)
        }, text)
        if (mustAgree(edited)) agreed++
      },
    ),
    { numRuns: 3000 },
  )
  assert.ok(agreed > 300, `only ${agreed} were taken`)
})

test('a long file is read alike, and a mistake in it has its line', () => {
  const list = Array.from({ length: 1500 }, (_, i) => `  - { id: "${i}", plan: consumer }`)
  const text = ['a: 1', 'subscribers:', ...list, 'b: [x]', ''].join('\n')
  const at = (line: number) => `line ${line}`
  const { value, lineOf } = readYaml(text, at)
  assert.deepEqual(value, parseDocument(text).toJS())
  assert.equal(lineOf(['subscribers', 1234, 'plan']), 1237)
  assert.equal(lineOf(['b', 0]), 1503)
  const twice = text.replace('"77", plan', '"77", id')
  assert.throws(() => readYaml(twice, at), /line 80: Map keys must be unique/)
  assert.throws(
    () => readYaml(`${text}subscribers: []\n`, at),
    /line 1504: Map keys must be unique/,
  )
  const quoted = text.replace('a: 1', 'a: "1').replace('b: [x]', 'b: x"')
  assert.throws(() => readYaml(quoted, at))
})
