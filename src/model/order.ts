// What a person or a chore may tell the engine to do. Every order is audited with who gave it.

import type { Scope } from './app-password.ts'
import type { DecisionKind } from './decision.ts'
import type { Lease } from './lease.ts'

export type Actor =
  | { readonly kind: 'owner'; readonly subscriber: string }
  | { readonly kind: 'staff'; readonly name: string }
  | { readonly kind: 'chore'; readonly name: string }

export type Order =
  | { readonly kind: 'release'; readonly incident: string }
  | {
      readonly kind: 'impose'
      readonly subject: string
      readonly decision: DecisionKind
      readonly hours: number
      readonly why: string
    }
  | { readonly kind: 'change-password'; readonly login: string; readonly password: string }
  /** The outcome has the secret in it. */
  | {
      readonly kind: 'add-app-password'
      readonly login: string
      readonly label: string
      readonly scopes: readonly Scope[]
    }
  | { readonly kind: 'remove-app-password'; readonly id: string }
  | { readonly kind: 'release-message'; readonly message: string }
  | { readonly kind: 'purge-message'; readonly message: string }
  /** Held mail of one customer or login, and of it only what said at least so many nats for infection. */
  | {
      readonly kind: 'purge-evidence'
      readonly of: { readonly subscriber: string } | { readonly login: string }
      readonly minNats: number
    }
  /** Everything that waits for its next try is tried now. */
  | { readonly kind: 'flush-queue' }
  | { readonly kind: 'open-lease'; readonly lease: Lease }
  | { readonly kind: 'close-lease'; readonly lease: Lease }

export type GivenOrder = { readonly order: Order; readonly actor: Actor; readonly at: number }

export type OrderOutcome =
  /** `secret` is for whoever gave the order, and for nobody else: not for the audit, not for the journal. */
  | { readonly done: true; readonly text: string; readonly secret?: string }
  | { readonly done: false; readonly text: string }
