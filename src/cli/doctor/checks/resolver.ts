// Whether the DNS answers at all.

import { nodeResolver } from '../../../drivers/lookups/node-resolver.ts'
import { resolverChecked } from '../../setup/checks/resolver.ts'
import type { DoctorCheck } from '../doctor-check.ts'

export const resolver: DoctorCheck = {
  what: 'DNS server',
  look: ({ config }) => resolverChecked(config, nodeResolver(config.resolvers)),
}
