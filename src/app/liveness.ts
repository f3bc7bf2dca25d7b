// Which keys of the configuration a reload puts in force, and which wait for a restart, without starting anything: gathered from the
// tables that the pages of wiring read by. A test compares it with a running Cordon.

import { ACCESS_NETWORK_READS } from './access-network.ts'
import { ALARMS_READ } from './alarms.ts'
import { CHORES_READ } from './chores.ts'
import { ENGINE_READS } from './engine.ts'
import { CUSTOMERS_OWN_READ } from './customers-own.ts'
import { DELIVERY_READS } from './delivery.ts'
import { DMARC_REPORTS_READ } from './dmarc-reports.ts'
import { TLS_REPORTS_READ } from './tls-reports.ts'
import { DIRECTORY_READS } from './directory.ts'
import { DNS_READS } from './dns.ts'
import { DOORS_READ } from './doors.ts'
import { PAGES_READ } from './pages.ts'
import { POLICY_READS } from './policy.ts'
import { SENSORS_READ } from './sensors.ts'
import { HELD_ELSEWHERE_READS } from './held-elsewhere.ts'
import { type Keys, livenessOf } from './settings.ts'
import { STORES_READ } from './stores.ts'

/** Read by the program itself. */
export const STOPPING = { drainFor: 'live', log: 'restart' } as const satisfies Keys

export const liveness = livenessOf([
  ...STORES_READ,
  ...DIRECTORY_READS,
  ...DNS_READS,
  ...POLICY_READS,
  ...ACCESS_NETWORK_READS,
  ...CUSTOMERS_OWN_READ,
  ...HELD_ELSEWHERE_READS,
  ...ENGINE_READS,
  ...DELIVERY_READS,
  ...TLS_REPORTS_READ,
  ...DMARC_REPORTS_READ,
  ...SENSORS_READ,
  ...DOORS_READ,
  ...PAGES_READ,
  ...ALARMS_READ,
  ...CHORES_READ,
  STOPPING,
])
