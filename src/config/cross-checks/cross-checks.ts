// The list of checks that compare several settings. A new check is one entry here.

import { accessLists } from './access-lists.ts'
import { accessNetwork } from './access-network.ts'
import type { CrossCheck } from './cross-check.ts'
import { clientSetup } from './client-setup.ts'
import { customers } from './customers.ts'
import { domains } from './domains.ts'
import { driverNames } from './driver-names.ts'
import { forwardedMailboxes } from './forwarded-mailboxes.ts'
import { forwards } from './forwards.ts'
import { leaseEntries } from './lease-entries.ts'
import { leases } from './leases.ts'
import { listeningPlaces } from './listening-places.ts'
import { mailHops } from './mail-hops.ts'
import { ruleSettings } from './rule-settings.ts'
import { sharedAddresses } from './shared-addresses.ts'
import { tellers } from './tellers.ts'

export const crossChecks: readonly CrossCheck[] = [
  accessLists,
  accessNetwork,
  clientSetup,
  customers,
  domains,
  driverNames,
  forwardedMailboxes,
  forwards,
  leaseEntries,
  leases,
  listeningPlaces,
  mailHops,
  ruleSettings,
  sharedAddresses,
  tellers,
]
