// The certificates that the listeners show, as `cordon setup` looks at them.

import { certificateChecked } from '../../setup/checks/certificate.ts'
import type { DoctorCheck } from '../doctor-check.ts'

export const certificate: DoctorCheck = {
  what: 'certificate',
  look: async ({ config }) => (config.listeners.length === 0 ? [] : [certificateChecked(config)]),
}
