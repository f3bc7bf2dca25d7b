import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../../../test/support/serve.ts'
import { decodeCharset, isForeign } from './charset.ts'

test('ASCII is read under a label of UTF-16 or UTF-32, too: few programs know some of them', () => {
  const text = 'see http://a.example/ now'
  for (const label of ['unicodefeff', 'unicodefffe', 'x-utf-16le-bom', 'utf-32'])
    assert.ok(decodeCharset(Buffer.from(text), label).includes(text), label)
  assert.equal(decodeCharset(Buffer.from(text, 'utf16le'), 'utf-16le'), text)
})

test('space before a label, however much, does not hide it', () => {
  const text = 'see http://a.example/ now'
  for (const length of [1, 60, 61, 400])
    assert.equal(decodeCharset(Buffer.from(text, 'utf16le'), `${' '.repeat(length)}utf-16le`), text)
})

/** Of each label that Python's codecs know, the bytes of this text in it. */
const ENCODED = `
import encodings.aliases, json
text = 'evil.exe http://evil.example/ now'
found = []
for label in sorted(set(encodings.aliases.aliases) | set(encodings.aliases.aliases.values())):
    for name in (label, label.replace('_', '-'), label.upper()):
        try:
            found.append([name, text.encode(name).hex()])
            if bytes([43, 65, 67, 56, 45]).decode(name) == '/':
                found.append([name, text.replace('/', '+AC8-').replace('.', '+AC4-').encode('ascii').hex()])
        except Exception:
            pass
print(json.dumps(found))
`

test('text is read under every label that Python knows, or it is said that it is not', async () => {
  const { code, output } = await run('python3', ['-c', ENCODED], '')
  assert.equal(code, 0, output)
  const labels = JSON.parse(output) as (readonly [label: string, hex: string])[]
  const missed = labels.filter(([label, hex]) => {
    const bytes = Buffer.from(hex, 'hex')
    const isRead = decodeCharset(bytes, label).includes('evil.exe http://evil.example/ now')
    return !isRead && !isForeign(bytes, label)
  })
  assert.deepEqual(missed, [])
  assert.ok(labels.length > 300, `only ${labels.length}`)
})

test('what Java, iconv and Windows call the ways of Unicode is read', () => {
  const text = 'see http://a.example/ now'
  const little = Buffer.from(text, 'utf16le')
  const big = Buffer.from(text, 'utf16le').swap16()
  const seven = Buffer.from('see http:+AC8ALw-a.example+AC8- now')
  for (const [bytes, labels] of [
    [little, 'unicodelittle UnicodeLittleUnmarked cp1200 1200 windows-1200 u16'],
    [big, 'unicodebig UnicodeBigUnmarked cp1201 1201 windows-1201'],
    [seven, 'u7 U7 cp65000 65000 windows-65000 x-unicode-1-1-utf-7 csUnicode11UTF7'],
  ] as const)
    for (const label of labels.split(' '))
      assert.ok(decodeCharset(bytes, label).includes(text), label)
})
