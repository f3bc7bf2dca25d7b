// What every scanner must do, whatever stands behind it: called with real ones where those are started (test/e2e/scanners.test.ts).

import assert from 'node:assert/strict'
import type { MessageSummary } from '../../src/model/message.ts'
import type { Scanned, Scanner } from '../../src/ports/scanner.ts'

const TEXT = 'From: ann@meadow.example\r\nTo: bob@isp.example\r\nSubject: lunch\r\n\r\nAt noon?\r\n'

const summary: MessageSummary = {
  size: TEXT.length,
  subject: 'lunch',
  from: ['ann@meadow.example'],
  hasDate: false,
  hops: 0,
  automatic: false,
  linkHosts: [],
  attachments: [],
  text: 'At noon?',
  fingerprint: 'x',
  utf8Header: false,
}

/** A short letter from a stranger, or what `read` gives instead. */
export const letter = (read?: Scanned['read']): Scanned => ({
  summary,
  id: 'M1',
  ours: false,
  folds: 'ours',
  address: '203.0.113.7',
  helo: 'mx.meadow.example',
  sender: 'ann@meadow.example',
  recipients: ['bob@isp.example'],
  async *read() {
    yield* read ? read() : [Buffer.from(TEXT)]
  },
})

/** Of a scanner that can be reached: a plain letter is no spam, many are looked at at once, and what cannot be read is no exception. */
export async function keepsScannerContract(scanner: Scanner): Promise<void> {
  assert.match(scanner.name, /^\S/)
  const results = await Promise.all([1, 2, 3].map(() => scanner.scan(letter())))
  for (const { content, virus, refuse, failed } of results)
    assert.deepEqual(
      { spam: content === 'spam', virus, refuse, failed },
      {
        spam: false,
        virus: undefined,
        refuse: undefined,
        failed: undefined,
      },
    )
  const broken = letter(async function* () {
    yield Buffer.from('From: ann@meadow.example\r\n')
    throw new Error('the disk does not answer')
  })
  assert.notEqual((await scanner.scan(broken)).content, 'spam')
}
