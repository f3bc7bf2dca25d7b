// The scanner that is built in, by the names of attachments: a disguise is one of a program.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heuristicScanner } from './heuristic.ts'

test('a program is spam behind any second name; a document that was compressed is none', async () => {
  const scanner = heuristicScanner()
  const verdictOf = async (name: string) => {
    const summary = { subject: '', text: '', linkHosts: [], attachments: [name] }
    return (await scanner.scan({ summary } as unknown as Parameters<typeof scanner.scan>[0]))
      .content
  }
  for (const name of ['x.exe', 'invoice.pdf.exe', 'invoice.pdf   .scr', 'photo.jpg.BAT'])
    assert.equal(await verdictOf(name), 'spam', name)
  for (const name of ['invoice.docx.zip', 'photos.zip', 'backup.tar.gz'])
    assert.equal(await verdictOf(name), 'clean', name)
})
