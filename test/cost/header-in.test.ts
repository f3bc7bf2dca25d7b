// A header on its way in is looked at in pieces, and each of them is bounded, whatever it is made of.

import { steps } from './steps.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HEADER_PIECE, HeaderIn } from '../../src/engine/intake/header-in.ts'
import { ForgedResults } from '../../src/mail/forged-results.ts'
import { HeaderEnd } from '../../src/mail/header-end.ts'
import { filled, latin, pieces } from './inputs.ts'

/** Stated in docs/operations.md. */
const MOST_OF_PIECE = 400_000

test('a piece of a header on its way in takes no more steps than is said', () => {
  const results = 'Authentication-Results: mail.isp.example; spf=pass\r\n'
  const UNITS = {
    folds: ' b\r\n',
    'empty folds': ' \r\n',
    'short fields': 'A:\r\n',
    'fields we may not say': results,
    'names without an end': 'A'.repeat(900),
    'long names': `${'A'.repeat(890)}:\r\n`,
    'fields, each folded': 'A: b\r\n c\r\n',
    'names with spaces': 'A :\r\n',
    'lines of a mailbox file': 'From a\r\n',
    'other fields that begin so': 'Bcd:\r\n',
  }
  for (const [name, unit] of Object.entries(UNITS))
    for (const top of ['', 'X: a\r\n']) {
      const all = pieces(latin(top + filled(unit, 4 * HEADER_PIECE)), HEADER_PIECE)
      const header = new HeaderIn({
        header: new HeaderEnd(),
        filter: new ForgedResults('mail.isp.example'),
        turn: () => ({ lane: 'rest', from: '' }),
        readings: { header: () => undefined },
      })
      for (const one of all) {
        const taken = steps(() => void header.write(one, async () => undefined))
        assert.ok(taken <= MOST_OF_PIECE, `${name}: ${taken} steps`)
      }
    }
})
