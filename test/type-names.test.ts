// Names of types say what they are: none is that of many, and none says nothing.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path: string): string => readFileSync(path, 'utf8')

/** Files in which a type of one name may be defined: of an exported one, and of any. */
const MOST_FILES = { exported: 2, any: 3 } as const

/** Types that are defined in too many files; of those that are exported, in src. */
function namesOfMany(sources: readonly (readonly [path: string, text: string])[]): string[] {
  const files = { exported: new Map<string, Set<string>>(), any: new Map<string, Set<string>>() }
  for (const [path, text] of sources)
    for (const [, exported, name = ''] of text.matchAll(
      /^(export )?(?:type|interface|class) ([A-Z]\w*)/gm,
    ))
      for (const which of ['exported', 'any'] as const) {
        if (which === 'exported' && (!exported || path.startsWith('test/'))) continue
        files[which].set(name, (files[which].get(name) ?? new Set()).add(path))
      }
  assert.ok(files.exported.size > 100)
  return (['exported', 'any'] as const).flatMap(which =>
    [...files[which]]
      .filter(([, where]) => where.size > MOST_FILES[which])
      .map(([name, where]) => `${name}: ${[...where].join(', ')}`),
  )
}

test('a type is called what it is: one name is not that of many', () => {
  const sources = globSync('{src,test}/**/*.ts').map(path => [path, read(path)] as const)
  assert.deepEqual(namesOfMany(sources), [])
  const planted = (text: string, files: number) =>
    namesOfMany([
      ...sources,
      ...Array.from({ length: files }, (_, i) => [`p${i}.ts`, text] as const),
    ])
  assert.match(planted('type PlantedTwice = 1', 4)[0] ?? '', /^PlantedTwice: p0\.ts/)
  assert.equal(planted('type Planted = 1', 3).length, 0)
  assert.match(planted('type Planted = 1', 4)[0] ?? '', /^Planted: p0\.ts/)
  assert.match(planted('export type Planted = 1', 3)[0] ?? '', /^Planted: p0\.ts/)
})

/** Of types that are not exported: a word that says nothing of what they hold. */
const EMPTY_NAMES = /^(?:export )?(?:type|interface|class) (Given|Found|Asked|Parts|Told|Kept)\b/gm

test('no type is called Given, Found, Asked, Parts, Told or Kept', () => {
  const named = globSync('{src,test}/**/*.ts').flatMap(path =>
    [...read(path).matchAll(EMPTY_NAMES)].map(([, name]) => `${path}: ${name}`),
  )
  assert.deepEqual(named, [])
})
