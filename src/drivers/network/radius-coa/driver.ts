// Access servers that are told of changes, as an entry of the list of network drivers.

import type { NetworkDriver } from '../network-driver.ts'
import { handOver } from './hand-over.ts'
import { radiusCoa, type RadiusCoaSettings } from './radius-coa.ts'

type RadiusCoaConfig = { readonly radiusCoa: readonly RadiusCoaSettings[] }

export const radiusCoas: NetworkDriver<RadiusCoaConfig, RadiusCoaSettings> = {
  reads: { radiusCoa: 'restart' },
  settings: config => config.radiusCoa,
  writesDown: { kind: 'coa', isOfSessions: true, nameOf: ({ name }) => name, handOver },
  called: ({ name }) => `RADIUS CoA ${name}`,
  open: (settings, { heldIn, now }) => radiusCoa(settings, heldIn('coa', settings.name), now),
}
