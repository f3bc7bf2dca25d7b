// The scanner that is configured: the built-in one, others beside it, or none.

import type { Scanner } from '../../ports/scanner.ts'
import { clamavScanner, type ClamavSettings } from './clamav.ts'
import { heuristicScanner, noScanner } from './heuristic.ts'
import { rspamdScanner } from './rspamd.ts'
import { scannersTogether } from './together.ts'

export type ScannerSettings = {
  /** The built-in scanner: `scanner`, heuristic by default, heuristic or none. */
  readonly scanner: 'heuristic' | 'none'
  readonly scanners: {
    readonly rspamd?: { readonly url: string } | undefined
    readonly clamav?: Omit<ClamavSettings, 'timeout'> | undefined
    /** ms for the answers of all scanners: `scanners.timeout`, 20s by default, 100ms to 10m. */
    readonly timeout: number
  }
}

export function scannerOf(
  { scanner, scanners: { rspamd, clamav, timeout } }: ScannerSettings,
  trouble: (error: unknown, about: string) => void,
): Scanner {
  const own = scanner === 'none' ? noScanner : heuristicScanner()
  const others = [
    ...(rspamd ? [rspamdScanner(rspamd.url, timeout)] : []),
    ...(clamav ? [clamavScanner({ ...clamav, timeout })] : []),
  ]
  if (others.length === 0) return own
  // Rspamd knows better than a few dozen signs.
  return scannersTogether(rspamd ? others : [own, ...others], timeout, trouble)
}
