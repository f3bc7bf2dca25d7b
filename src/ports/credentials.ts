// Is this the password of that login? Slow on purpose (argon2id), so callers put the brakes on first.

import type { Login } from '../model/subscriber.ts'

export type LoginAnswer =
  | { readonly ok: true; readonly login: Login; readonly subscriber: string }
  | { readonly ok: false; readonly why: 'unknown' | 'wrong' | 'busy' }

export interface Credentials {
  /** Takes as long for an unknown name as for a wrong password. */
  verify(name: string, password: string): Promise<LoginAnswer>
  /** The customer's own portal: customer number and portal password. */
  verifyPortal(subscriber: string, password: string): Promise<boolean>
  setPassword(login: string, password: string): Promise<void>
}
