// Every sensor there is: one line each, in the order in which they are opened. What its configuration may say is in
// src/config/sensors-schema.ts.

import type { Config } from '../config/schema.ts'
import { decoy } from '../sensors/decoy/sensor.ts'
import { firewallLog } from '../sensors/firewall-log/sensor.ts'
import { flows } from '../sensors/flows/sensor.ts'
import { kea } from '../sensors/kea/sensor.ts'
import { mailLog } from '../sensors/mail-log/sensor.ts'
import { natLog } from '../sensors/nat-log/sensor.ts'
import { radius } from '../sensors/radius/sensor.ts'
import type { Sensor } from '../wire/sensor.ts'
import type { Keys } from './settings.ts'

export const SENSORS: readonly ListedSensor[] = [
  // Sensors that tell which subscriber has which address, before what goes out of a line.
  radius,
  natLog,
  kea,
  firewallLog,
  flows,
  decoy,
  // What other mail servers write down of mail.
  mailLog,
]

export type ListedSensor = Omit<Sensor<Config, object>, 'reads'> & { readonly reads: Keys }
