import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
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

/** A picture that is looked at again when the clock has gone on; what was told of it, and what it was at first. */
function watchedLogo(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-logo-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'logo')
  writeFileSync(file, PNG)
  const clock = { now: 0 }
  const told: string[] = []
  const logo = logoFile(file, { now: () => clock.now, tell: words => void told.push(words) })
  return { file, clock, told, logo, first: logo() }
}

test('it is read again after a while, and stays what it was while it is being replaced', t => {
  const { file, clock, told, logo, first } = watchedLogo(t)
  assert.match(first ?? '', /png/)
  renameSync(file, `${file}.old`)
  clock.now = 11_000
  assert.equal(logo(), first)
  writeFileSync(file, SVG)
  assert.equal(logo(), first)
  clock.now = 22_000
  assert.match(logo() ?? '', /svg/)
  assert.deepEqual(told, [])
  assert.equal(logoFile(undefined, { tell: () => undefined })(), undefined)
})

test('a picture that was changed and cannot be used is told once, when it is no copy on its way', t => {
  const { file, clock, told, logo, first } = watchedLogo(t)
  const later = () => {
    clock.now += 11_000
    return logo()
  }
  writeFileSync(file, `${SVG}${' '.repeat(LARGEST_LOGO)}`)
  assert.equal(later(), first)
  assert.deepEqual(told, [])
  for (let i = 0; i < 3; i++) assert.equal(later(), first)
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /logo .*12/)
  writeFileSync(file, '<html>')
  for (let i = 0; i < 3; i++) later()
  assert.match(told[1] ?? '', /is no PNG and no SVG/)
  writeFileSync(file, SVG)
  assert.match(later() ?? '', /svg/)
  assert.equal(told.length, 2)
})

test('a DOCTYPE as drawing programs write it is left out; one that defines something is said', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-logo-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'logo')
  const from = (content: string) => {
    writeFileSync(file, content)
    const [, data = ''] = logoFrom(file).split(',')
    return Buffer.from(data, 'base64').toString()
  }
  const [xml, said] = ['<?xml version="1.0" encoding="utf-8"?>', '<!-- Generator: Draw -->']
  const doctype =
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
  assert.equal(from(`\uFEFF${xml}\n${said}\n${doctype}\n${SVG}`), `\uFEFF${xml}\n${said}\n\n${SVG}`)
  assert.equal(from(`<!DOCTYPE svg>${SVG}`), SVG)
  for (const own of ['<!DOCTYPE svg [<!ENTITY a "b">]>', '<!DOCTYPE svg PUBLIC "a" "b" [\n]>'])
    assert.throws(() => from(`${xml}${own}${SVG}`), /DOCTYPE with definitions of its own/)
  assert.throws(() => from(`${doctype}${doctype}${SVG}`), /no PNG and no SVG/)
})
