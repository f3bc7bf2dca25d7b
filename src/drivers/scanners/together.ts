// Several scanners as one: asked at once, within one time budget. A message with lines that are folded when it is sent is scanned once more as
// it is sent: a fold may make a file's name, or a part, that is not in what is kept.

import type { ScanResult } from '../../model/message.ts'
import type { Scanned, Scanner } from '../../ports/scanner.ts'
import { LineLengths, withShortLines } from '../../mail/long-lines.ts'
import { within } from '../within.ts'

/** Strangers' mail is seen by those that see all mail. */
export function scannersTogether(
  scanners: readonly Scanner[],
  budget: number,
  trouble: (error: unknown, about: string) => void,
): Scanner {
  return {
    name: scanners.map(one => one.name).join(' and '),
    sees: scanners.some(one => one.sees === 'all') ? 'all' : 'ours',
    scan: async message => {
      const seen = { longLine: false }
      const kept = await scanned({ ...message, read: () => watched(message.read(), seen) })
      if (!seen.longLine) return kept
      const read = () => withShortLines(message.read(), message.folds)
      return joined([kept, await scanned({ ...message, read })])
    },
  }

  async function scanned(message: Scanned): Promise<ScanResult> {
    const asked = scanners.filter(one => one.sees === 'all' || message.ours)
    const results = await Promise.all(
      asked.map(one =>
        within(budget, one.scan(message)).catch(
          (error): ScanResult => ({ content: 'unseen', failed: `${one.name}: ${String(error)}` }),
        ),
      ),
    )
    for (const { failed } of results) if (failed !== undefined) trouble(failed, 'scanning')
    return joined(results)
  }
}

async function* watched(body: AsyncIterable<Uint8Array>, seen: { longLine: boolean }) {
  const lines = new LineLengths()
  for await (const chunk of body) {
    lines.push(chunk)
    // A scanner may stop here.
    seen.longLine ||= lines.areLong
    yield chunk
  }
  lines.end()
  seen.longLine ||= lines.areLong
}

/** The worst that any of them says; a failure beside it changes nothing. */
function joined(results: readonly ScanResult[]): ScanResult {
  const has = (content: ScanResult['content']) => results.some(one => one.content === content)
  const virus = results.find(one => one.virus !== undefined)?.virus
  const read = results.filter(one => one.content === 'clean')
  const failed = results.find(one => one.failed !== undefined)?.failed
  return {
    content: has('spam') ? 'spam' : has('clean') ? 'clean' : 'unseen',
    ...(virus === undefined ? {} : { virus }),
    ...(results.some(one => one.refuse) ? { refuse: true } : {}),
    ...(read.length > 0 && read.every(one => one.signsOnly) ? { signsOnly: true } : {}),
    ...(failed === undefined ? {} : { failed }),
  }
}
