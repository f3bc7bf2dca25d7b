// A server that has nothing to do is a mistake: a file that was cut off, or is empty, is "valid" in every single value. What goes on
// without a way for mail to come in, but had one before, is for src/config/brake.ts.

import type { Complaint } from './complaint.ts'
import { doorsSchema } from './doors-schema.ts'
import { routersSchema } from './routers-schema.ts'
import type { Config } from './schema.ts'
import { sensorsSchema } from './sensors-schema.ts'

/** Each of these is a way in: mail, questions of a mail server beside us, or what a network tells. The web pages are none. */
const WAYS = Object.keys({ ...doorsSchema, ...sensorsSchema }) as Key[]

/** Routers that carry out what is ordered, and what customers ask for in the portal, are something to do without a way in. */
const ROUTERS = Object.keys(routersSchema) as Key[]

type Key = keyof typeof doorsSchema | keyof typeof sensorsSchema | keyof typeof routersSchema

export function* wayIn(config: Config): Iterable<Complaint> {
  if ([...WAYS, ...ROUTERS].some(key => isThere(config[key]))) return
  yield {
    path: [],
    problem:
      'nothing can come in: there is no listener, policyService, milter or sensor, and no router',
    advice: `Write at least one of ${WAYS.join(', ')}; is the file whole?`,
  }
}

const isThere = (given: unknown): boolean =>
  Array.isArray(given) ? given.length > 0 : given !== undefined
