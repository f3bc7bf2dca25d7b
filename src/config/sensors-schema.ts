// What the configuration may say of sensors, each beside its own: one line a sensor. Whatever is named here is a way in.

import { decoySchema } from '../sensors/decoy/config-schema.ts'
import { firewallLogSchema } from '../sensors/firewall-log/config-schema.ts'
import { flowsSchema } from '../sensors/flows/config-schema.ts'
import { keaSchema } from '../sensors/kea/config-schema.ts'
import { mailLogSchema } from '../sensors/mail-log/config-schema.ts'
import { natLogSchema } from '../sensors/nat-log/config-schema.ts'
import { radiusSchema } from '../sensors/radius/config-schema.ts'

export const sensorsSchema = {
  ...firewallLogSchema,
  ...flowsSchema,
  ...decoySchema,
  ...radiusSchema,
  ...keaSchema,
  ...natLogSchema,
  ...mailLogSchema,
}
