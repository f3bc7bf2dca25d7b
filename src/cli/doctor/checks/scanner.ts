// Whether the content of mail is judged. What the absence of a scanner means is in docs/evidence.md: mail is paced, and not judged.

import type { Config } from '../../../config/schema.ts'
import type { Check } from '../../check.ts'
import type { DoctorCheck } from '../doctor-check.ts'

export const scanner: DoctorCheck = {
  what: 'content scanner',
  look: async ({ config: { scanner: builtIn, scanners, evidence } }) => {
    const all = [
      ...(builtIn === 'none' ? [] : [builtIn]),
      ...(scanners.rspamd ? ['rspamd'] : []),
      ...(scanners.clamav ? ['clamav'] : []),
    ]
    return [checked(all, evidence.mode)]
  },
}

function checked(all: readonly string[], mode: Config['evidence']['mode']): Check {
  const what = 'content scanner'
  if (all.includes('rspamd')) return { what, state: 'good', said: all.join(', ') }
  return {
    what,
    // On the first day nothing is to be decided yet.
    state: mode === 'observe' ? 'note' : 'missing',
    said:
      all.length === 0
        ? 'there is none: no mail is judged, a bot is only slowed down by the window of its sender'
        : `only ${all.join(' and ')}: most spam is not seen, a bot that sends it is only slowed down by the window of its sender`,
    write: 'scanners: { rspamd: { url: http://127.0.0.1:11333 } }',
  }
}
