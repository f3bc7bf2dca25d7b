// What is told of passwords in circulation; part of model/event.ts.

import type { Subject } from './evidence.ts'

export type PasswordEvent = {
  /**
   * The password of a login is in circulation: a client offered it to a decoy, and it was right (`address`: of that client); or the login
   * stood on a list that staff imported.
   */
  readonly kind: 'password-circulates'
  readonly login: string
  readonly seen: 'decoy' | 'list'
  readonly address?: string
  readonly usual?: { readonly [subject: Subject]: number }
}
