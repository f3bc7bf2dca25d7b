import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { footprintOf } from '../config/brake.ts'
import { writtenIn } from '../config/written.ts'
import { ConfigError } from '../model/errors.ts'
import { readConfiguration } from './configured-files.ts'
import { readAgain } from './read-again.ts'
import { PIECE } from './reading-thread.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-read-again-'))
const file = join(folder, 'cordon.yaml')
after(() => rmSync(folder, { recursive: true }))

/** More entries than go in one piece, in lists and in sections with free names. */
const customers = Array.from({ length: PIECE * 2 + 1 }, (_, i) => `  - { id: "${i}" }\n`).join('')
const forwards = Array.from(
  { length: PIECE + 1 },
  (_, i) => `  f${i}@isp.example: [a@b.example]\n`,
).join('')
const base = `domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
passwords: { file: ${join(folder, 'passwords')} }
forwards:
${forwards}subscribers:
${customers}`

const read = (text: string) => {
  writeFileSync(file, text)
  return readConfiguration(file)
}

test('a file that is as it was is not read, unless a file that it names has other content', async () => {
  const agreed = read(base)
  assert.equal(await readAgain(file, agreed), agreed)
  writeFileSync(join(folder, 'passwords'), 'anna@isp.example:x\n')
  const next = await readAgain(file, agreed)
  assert.notEqual(next, agreed)
  assert.deepEqual(next, agreed)
  assert.equal(await readAgain(file, next), next)
})

test('what is read elsewhere is what would be read here, and what has not changed is the same object', async () => {
  const agreed = read(base)
  for (const [from, to, same] of [
    ['domains:', 'maxRecipients: 7\ndomains:', ['forwards', 'subscribers', 'listeners']],
    ['subscribers:\n', 'subscribers:\n  - { id: "new" }\n', ['forwards', 'listeners']],
    ['  f0@', '  g0@', ['subscribers', 'listeners']],
    [/subscribers:[^]*/, '', ['forwards', 'listeners']],
  ] as const) {
    const here = read(base.replace(from, to))
    const there = await readAgain(file, agreed)
    assert.deepEqual(there, here)
    assert.deepEqual(Object.keys(there), Object.keys(here))
    assert.deepEqual(writtenIn(there), writtenIn(here))
    assert.deepEqual(footprintOf(there), footprintOf(here))
    for (const key of same) assert.equal(there[key], agreed[key], key)
    assert.ok(Object.isFrozen(there) && Object.isFrozen(there.subscribers))
    assert.ok(there.subscribers.every(one => Object.isFrozen(one) && Object.isFrozen(one.logins)))
    assert.equal(await readAgain(file, there), there)
  }
})

test('mistakes are told as they would be here, and the next reading is as good as any', async () => {
  const agreed = read(base)
  const bad = `${readFileSync(file, 'utf8')}maxRecipients: many\n`
  writeFileSync(file, bad)
  const here = (() => {
    try {
      return readConfiguration(file)
    } catch (error) {
      return error
    }
  })()
  assert.ok(here instanceof ConfigError)
  await assert.rejects(readAgain(file, agreed), { name: 'ConfigError', message: here.message })
  rmSync(file)
  await assert.rejects(readAgain(file, agreed), { name: 'ConfigError' })
  writeFileSync(file, base)
  assert.equal(await readAgain(file, agreed), agreed)
})
