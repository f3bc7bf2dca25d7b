// What a person or a chore may tell the engine to do. Every order is audited with who gave it.

import type { Scope } from './app-password.ts'
import type { DecisionKind } from './decision.ts'
import type { Lease } from './lease.ts'
import type { OptOutKind } from './opt-out.ts'
import type { Client } from './step.ts'
import type { Subscriber } from './subscriber.ts'

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
  /** A second factor: begun (the outcome has the secret in it), and good after its first code. */
  | { readonly kind: 'begin-factor' }
  | { readonly kind: 'confirm-factor'; readonly factor: string; readonly from: Client }
  | { readonly kind: 'remove-factor'; readonly subscriber: string }
  /** Port 25 on their own wish: asked with the second factor, confirmed with what a letter says, from their own line. */
  | {
      readonly kind: 'ask-opt-out'
      readonly optOut: OptOutKind
      readonly destinations: readonly string[]
      readonly serverName?: string
      readonly factor: string
      readonly from: Client
    }
  | {
      readonly kind: 'confirm-opt-out'
      readonly id: string
      readonly proof: string
      readonly from: Client
    }
  | {
      readonly kind: 'renew-opt-out'
      readonly id: string
      readonly factor: string
      readonly from: Client
    }
  | { readonly kind: 'end-opt-out'; readonly id: string }
  /** Staff have set the name of its address. */
  | { readonly kind: 'reverse-dns-set'; readonly id: string }
  | { readonly kind: 'open-lease'; readonly lease: Lease }
  | { readonly kind: 'close-lease'; readonly lease: Lease }
  /** Port 25 of a part of the network: its customers are told, it is closed, it is opened again. */
  | { readonly kind: 'announce-rollout' | 'back-rollout'; readonly part: string }
  | { readonly kind: 'start-rollout'; readonly part: string; readonly despite?: string }
  /** Everything is taken off a network driver, and stays off; or put on again. */
  | { readonly kind: 'flush-driver' | 'fill-driver'; readonly driver: string }
  /** All customers there are, but for those that are kept whatever it says. */
  | {
      readonly kind: 'take-feed'
      readonly subscribers: readonly Subscriber[]
      readonly keep: readonly string[]
      readonly dryRun?: boolean
      readonly force?: boolean
    }
  /** Those with an end are past. */
  | { readonly kind: 'import-leases'; readonly leases: readonly Lease[] }

export type GivenOrder = { readonly order: Order; readonly actor: Actor; readonly at: number }

export type OrderOutcome =
  /** `secret` is for whoever gave the order, and for nobody else: not for the audit, not for the journal. */
  | { readonly done: true; readonly text: string; readonly secret?: string }
  | { readonly done: false; readonly text: string }
