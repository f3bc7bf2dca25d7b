// What can be used in the configuration and may not be meant.

import { anyPort } from '../../../config/any-port.ts'
import { warnings } from '../../../config/warnings.ts'
import type { DoctorCheck } from '../doctor-check.ts'

export const configuration: DoctorCheck = {
  what: 'configuration',
  look: async ({ file, config }) => {
    const all = [...warnings(config), ...anyPort(config)]
    if (all.length === 0) return [{ what: file, state: 'good', said: 'can be used' }]
    return all.map(said => ({ what: file, state: 'note', said }))
  },
}
