import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { LARGEST_LOGO, logoFile, logoFrom } from './logo-file.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
const PNG = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1')

test('a PNG or SVG becomes a data: URL; what is neither, or large, is refused', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-logo-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'logo')
  const from = (content: string | Buffer) => {
    writeFileSync(file, content)
    return logoFrom(file)
  }
  assert.match(from(PNG), /^data:image\/png;base64,iVBORw0KGgpyZXN0$/)
  for (const text of [SVG, `<?xml version="1.0"?>\n<!-- a mark -->\n${SVG}`])
    assert.match(from(text), /^data:image\/svg\+xml;base64,/)
  for (const wrong of ['', 'GIF89a', '<html><svg></html>', `${SVG}${' '.repeat(LARGEST_LOGO)}`])
    assert.throws(() => from(wrong), wrong.slice(0, 20))
  assert.throws(() => logoFrom(join(folder, 'none')))
})

test('it is read again after a while, and stays what it was while it is being replaced', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-logo-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'logo')
  writeFileSync(file, PNG)
  let now = 0
  const logo = logoFile(file, () => now)
  const first = logo()
  assert.match(first ?? '', /png/)
  renameSync(file, `${file}.old`)
  now = 11_000
  assert.equal(logo(), first)
  writeFileSync(file, SVG)
  assert.equal(logo(), first)
  now = 22_000
  assert.match(logo() ?? '', /svg/)
  assert.equal(logoFile(undefined)(), undefined)
})
