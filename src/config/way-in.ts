// A server that has nothing to do is a mistake: a file that was cut off, or is empty, is "valid" in every single value. What goes on
// without a way for mail to come in, but had one before, is for src/config/brake.ts.

import type { Complaint } from './complaint.ts'
import { doorsSchema } from './doors-schema.ts'
import { routersSchema } from './routers-schema.ts'
import { type Config, configSchema } from './schema.ts'
import { sensorsSchema } from './sensors-schema.ts'
import { saysSomething, writtenIn } from './written.ts'

/** A key that says something although it was not written is a setting of a door, sensor or router, and opens none. */
export const opening = <K extends keyof Config>(
  schema: Readonly<Record<K, unknown>>,
): readonly K[] => (Object.keys(schema) as K[]).filter(key => !saysSomething(NOTHING_WRITTEN[key]))
const NOTHING_WRITTEN = configSchema.parse({})

/** Each of these is a way in: mail, questions of a mail server beside us, or what a network tells. The web pages are none. */
export const DOORS = opening(doorsSchema)
/** By the list nothing comes in. */
const WAYS = [...DOORS.filter(key => key !== 'list'), ...opening(sensorsSchema)]

/** Routers that carry out what is ordered, and what customers ask for in the portal, are something to do without a way in. */
export const ROUTERS = opening(routersSchema)

/** Asks what is written: whatever a default sets is not a reason to run. */
export function* wayIn(config: Config): Iterable<Complaint> {
  const written = new Set(writtenIn(config)?.map(({ key }) => key))
  if ([...WAYS, ...ROUTERS].some(key => written.has(key))) return
  yield {
    path: [],
    problem:
      'nothing can come in: there is no listener, policyService, milter or sensor, and no router',
    advice: `Write at least one of ${WAYS.join(', ')}; is the file whole?`,
  }
}
