import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { RecordRows } from '../../ports/records.ts'
import { nodeName } from './node-name.ts'
import { ownKeys } from './own-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-keys-'))
after(() => rmSync(folder, { recursive: true }))
const keys = join(folder, 'keys')
const first = await ownKeys(folder, 'mail.isp.example')
const contents = () =>
  readdirSync(keys).map(name => [name, readFileSync(join(keys, name), 'utf8')] as const)
const whole = contents()
const used = { inUse: true }
const open = () => ownKeys(folder, 'mail.isp.example', used)

function restore(): void {
  rmSync(keys, { recursive: true, force: true })
  mkdirSync(keys)
  for (const [name, text] of whole) writeFileSync(join(keys, name), text)
}

test('they are made once, and nothing else is left beside them', async () => {
  assert.deepEqual(
    whole.map(([name]) => name),
    ['correspondents.secret', 'dkim-keys.json', 'dkim.pem', 'tls-certificate.pem', 'tls-key.pem'],
  )
  assert.deepEqual(await open(), first)
  assert.deepEqual(contents(), whole)
})

test('a list of the keys of DKIM that is gone is told, and is made anew', async () => {
  restore()
  rmSync(join(keys, 'dkim-keys.json'))
  const { said } = await open()
  assert.match(said ?? '', /dkim-keys\.json was missing, .*: restore it from a backup\./)
  assert.equal((await open()).said, undefined)
})

test('a newline that an editor put at the end of the secret changes nothing', async () => {
  restore()
  writeFileSync(join(keys, 'correspondents.secret'), `${first.secret}\n`)
  assert.deepEqual(await open(), first)
})

// An earlier Cordon had none of these, and its successor makes them.
for (const [name, text] of whole)
  for (const [what, damage] of [
    ['is missing', path => rmSync(path)],
    ['is damaged', path => writeFileSync(path, '')],
    ['is damaged', path => writeFileSync(path, text.slice(0, text.length / 2))],
    ['is damaged', path => writeFileSync(path, '\0'.repeat(text.length))],
  ] as const satisfies readonly (readonly [string, (path: string) => void])[])
    if (name !== 'dkim-keys.json' || what !== 'is missing')
      test(`${name} that ${what} is never made anew by itself`, async () => {
        restore()
        damage(join(keys, name))
        const before = contents()
        const words = new RegExp(`${name} ${what}\\. Restore it from a backup; .*begin-anew`)
        await assert.rejects(open(), words)
        assert.deepEqual(contents(), before)
      })

test('no keys at all in a folder that was in use: not made anew either', async () => {
  rmSync(keys, { recursive: true })
  await assert.rejects(
    open(),
    /correspondents\.secret is missing, .*dkim\.pem is missing, .*tls-key\.pem is missing, .*tls-certificate\.pem is missing\. Restore them/,
  )
})

test('a damaged key is not written over in a new folder either', async () => {
  restore()
  writeFileSync(join(keys, 'dkim.pem'), 'cut')
  await assert.rejects(ownKeys(folder, 'mail.isp.example'), /dkim\.pem is damaged/)
})

test('a key of another certificate is damage', async () => {
  const other = mkdtempSync(join(tmpdir(), 'cordon-keys-'))
  const strange = await ownKeys(other, 'mail.isp.example')
  rmSync(other, { recursive: true })
  restore()
  writeFileSync(join(keys, 'tls-key.pem'), strange.certificate.key)
  await assert.rejects(open(), /tls-key\.pem does not belong to .*tls-certificate\.pem/)
})

test('an operator that says so gets what is missing made anew, once, and the rest stays', async () => {
  restore()
  rmSync(join(keys, 'correspondents.secret'))
  writeFileSync(join(keys, 'begin-anew'), '')
  const anew = await open()
  assert.notEqual(anew.secret, first.secret)
  assert.deepEqual(anew.dkim.all(), first.dkim.all())
  assert.deepEqual(anew.certificate, first.certificate)
  rmSync(join(keys, 'correspondents.secret'))
  await assert.rejects(open(), /is missing/)
})

const NO_RECORDS: Pick<RecordRows, 'get' | 'put' | 'remove'> = {
  get: async () => undefined,
  put: async () => 1,
  remove: async () => 'removed',
}

test('a pipe in the place of a key, or of the name of the node, is refused at once, and still there', async () => {
  for (const [name] of whole) {
    restore()
    const path = join(keys, name)
    rmSync(path)
    execFileSync('mkfifo', [path])
    await assert.rejects(open(), new RegExp(`${name} is no regular file, but a pipe or a device`))
    assert.ok(lstatSync(path).isFIFO())
  }
  const node = join(folder, 'node')
  execFileSync('mkfifo', [node])
  await assert.rejects(nodeName(folder, NO_RECORDS), /node is no regular file, but a pipe/)
})
