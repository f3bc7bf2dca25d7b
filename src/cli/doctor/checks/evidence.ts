// Whether what evidence decides is done, or only observed.

import type { DoctorCheck } from '../doctor-check.ts'

const what = 'evidence'
const OBSERVES =
  'it only observes: nothing is held, stopped or isolated. After a week of it: "To act" in the configuration'

export const evidence: DoctorCheck = {
  what,
  look: async ({ config }) =>
    config.evidence.mode === 'enforce'
      ? [{ what, state: 'good', said: 'what it decides is done' }]
      : [{ what, state: 'note', said: OBSERVES }],
}
