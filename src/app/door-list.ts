// Every door there is: one line each, in the order in which they are opened. What its configuration may say is in src/config/doors-schema.ts.

import type { Config } from '../config/schema.ts'
import { dns } from '../doors/dns/door.ts'
import { imap } from '../doors/imap/door.ts'
import { milter } from '../doors/milter/door.ts'
import { policyDelegation } from '../doors/policy-delegation/door.ts'
import { pop3 } from '../doors/pop3/door.ts'
import { smtp } from '../doors/smtp/door.ts'
import type { Door } from '../wire/door.ts'
import type { Keys } from './settings.ts'

/** What only its door knows: plain JSON, which is handed to it again. */
export type Listener = { readonly port: number }
export type ListedDoor = Omit<Door<Config, Listener, unknown>, 'reads'> & { readonly reads: Keys }

export const DOORS: readonly ListedDoor[] = [smtp, policyDelegation, milter, dns, imap, pop3]
