// A scanner of tests: what speaks of pills is spam, all else is clean.

import type { Scanner } from '../../src/ports/scanner.ts'

export const PILLS: Scanner = {
  name: 'pills',
  sees: 'ours',
  scan: async ({ summary }) => ({ content: summary.text.includes('pills') ? 'spam' : 'clean' }),
}
