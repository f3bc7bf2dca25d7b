// What the DNS says of host name and domains, as `cordon setup` asks it.

import { namesChecked } from '../../setup/checks/names.ts'
import { namesOptions } from '../../setup/names-options.ts'
import type { DoctorCheck } from '../doctor-check.ts'

export const names: DoctorCheck = {
  what: 'names in the DNS',
  look: async ({ config }) => {
    const { hostname, domains, alarms, listeners, milter } = config
    if (domains.length === 0) return []
    const [operator = `postmaster@${domains[0]}`] = alarms.mail
    const besides = milter === undefined ? 'watch' : 'beside'
    const stands = listeners.length > 0 ? 'server' : besides
    return namesChecked(
      { hostname, domains, operator, stands, consumers: [] },
      namesOptions(config),
    )
  },
}
