// A refusal for a file, or what observe mode logs of it, names the file.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judging } from '../../../test/support/judging.ts'
import type { MessageSummary } from '../../model/message.ts'
import { attachment } from './attachment.ts'
import type { Mode } from './rule.ts'

async function judged(
  found: Partial<MessageSummary>,
  { mode = 'enforce', encrypted = 'reject' }: { mode?: Mode; encrypted?: 'accept' | 'reject' } = {},
) {
  const one = judging([attachment(mode, { rejected: ['exe', 'js'], encrypted })])
  const message = { attachments: [], ...found } as unknown as MessageSummary
  const { verdict } = await one.message({ message, queueId: 'M1' })
  const told = one.events.find(event => event.kind === 'judged')
  return { verdict, told }
}

const HELP: readonly (readonly [Partial<MessageSummary>, string])[] = [
  [{ attachments: ['a.pdf', 'invoice.pdf.exe'] }, 'it is invoice.pdf.exe (a program: .exe)'],
  [
    {
      attachments: ['photos.zip', 'site.zip'],
      archived: [
        ...Array.from({ length: 180 }, (_, i) => `site/file${i}.html`),
        'site/a/jquery.min.js',
      ],
      archivedIn: [...Array.from({ length: 180 }, () => 'site.zip'), 'site.zip'],
    },
    'it is site/a/jquery.min.js in site.zip (a program: .js)',
  ],
  [{ archived: ['run.exe'] }, 'it is run.exe, in an archive (a program: .exe)'],
  [{ attachments: ['a\u202egpj.exe'] }, 'it is a?gpj.exe (its name is shown backwards)'],
]

test('a refusal names the file, the archive it is in, and why; also where it is only observed', async () => {
  for (const mode of ['enforce', 'observe'] as const)
    for (const [found, words] of HELP) {
      const { verdict, told } = await judged(found, { mode })
      assert.equal(told?.kind === 'judged' && told.found, words)
      assert.equal(verdict.kind, mode === 'enforce' ? 'reject' : 'accept')
    }
})

test('the scripts of a book are no programs, those of an archive are', async () => {
  const kind = async (name: string, archive: string, first = 'mimetype') =>
    (await judged({ archived: [first, name], archivedIn: [archive, archive] })).verdict.kind
  assert.equal(await kind('OEBPS/main.js', 'book.epub'), 'accept')
  assert.equal(await kind('OEBPS/main.js', 'book.epub', 'a.html'), 'reject', 'a ZIP of that name')
  assert.equal(await kind('OEBPS/main.exe', 'book.epub'), 'reject')
  assert.equal(await kind('main.js', 'inner.zip in book.epub'), 'reject')
  assert.equal(await kind('js/main.js', 'site.zip'), 'reject')
  assert.equal(await kind('main.js', 'book.epub in all.zip'), 'reject')
})

test('an encrypted archive is refused in words of its own, which name the file', async () => {
  const locked = { encryptedArchive: true, locked: 'f/geheim.txt in enc.zip' } as const
  const { verdict } = await judged(locked)
  assert.deepEqual(verdict, {
    kind: 'reject',
    reason: 'encrypted-attachment',
    help: 'it is f/geheim.txt in enc.zip',
  })
  assert.equal((await judged(locked, { encrypted: 'accept' })).verdict.kind, 'accept')
})

test('names of any length and any letters stay printable and short', async () => {
  const name = `${'\u00e4\r\n'.repeat(5000)}.exe`
  const { told } = await judged({ archived: [name], archivedIn: [name] })
  assert.match((told?.kind === 'judged' && told.found) || '', /^[\x20-\x7e]{30,300}$/)
})
