// Whether alarms to the operator are taken where they are handed over.

import { operatorChecked } from '../../setup/checks/operator.ts'
import type { DoctorCheck } from '../doctor-check.ts'

export const operator: DoctorCheck = {
  what: 'alarms',
  look: ({ config }) => operatorChecked(config),
}
