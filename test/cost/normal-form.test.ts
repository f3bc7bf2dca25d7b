// Nobody normalises text of others but through src/model/normal-form.ts: V8 needs the square of a run of combining marks for it.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Node, parseSync, Visitor } from 'oxc-parser'

const MAY = 'src/model/normal-form.ts'

function normalisesIn(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  const found: string[] = []
  const at = (node: Node) => `${file}:${text.slice(0, node.start).split('\n').length}`
  new Visitor({
    MemberExpression: node => {
      const { property } = node
      if (property.type === 'Identifier' && property.name === 'normalize') found.push(at(node))
      if (property.type === 'Literal' && property.value === 'normalize') found.push(at(node))
    },
  }).visit(parseSync(file, text).program)
  return found
}

test('text is normalised at one place', () => {
  const files = globSync('src/**/*.ts').filter(file => !file.endsWith('.test.ts'))
  assert.deepEqual(files.filter(file => file !== MAY).flatMap(normalisesIn), [])
  assert.equal(normalisesIn(MAY).length, 1, 'the test sees it')
})
