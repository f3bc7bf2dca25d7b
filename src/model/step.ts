// One step of a mail transaction, with all that is known so far. JSON only: it crosses threads and sockets.

import type { DecisionKind } from './decision.ts'
import type { Who } from './lease.ts'
import type { Authentication } from './authentication.ts'
import type { MessageSummary, ScanResult } from './message.ts'
import type { ProtocolViolation } from './protocol-violation.ts'
import type { Plan } from './subscriber.ts'
import type { EsmtpParameters } from './esmtp-parameters.ts'

export const LISTENERS = ['submission', 'trusted-network', 'inbound', 'redirected'] as const
export type ListenerKind = (typeof LISTENERS)[number]

/** Mail of customers: not from outside, and not our own. */
export const isCustomers = (listener: ListenerKind | 'internal'): boolean =>
  listener !== 'inbound' && listener !== 'internal'

export const STAGES = ['connect', 'helo', 'auth', 'mail', 'rcpt', 'message'] as const
export type Stage = (typeof STAGES)[number]

/** The other end of a connection, as told by the socket or by a trusted PROXY header. */
export type Client = {
  readonly realm: string
  readonly address: string
  readonly port: number
  /** Where the client wanted to go, when a router on the way redirected it to us. */
  readonly wanted?: { readonly address: string; readonly port: number }
  /** A host of many users, by the configuration (`webmail`, `mynetworks`): where it is says nothing of where its user is. */
  readonly crowd?: true
  /** By a log: when it had the address (ms since 1970); `unknown`: the log does not say in which zone. */
  readonly then?: number | 'unknown'
}

/** What a message, or its declared size, is refused for before any rule is asked, and the rule that is named for it. */
export const FORM_RULES = {
  'bare-newline': 'newline',
  'message-too-large': 'size',
  'header-too-large': 'header',
} as const
export type FormFault = keyof typeof FORM_RULES

export type Step = {
  readonly session: string
  readonly listener: ListenerKind
  readonly stage: Stage
  readonly at: number
  readonly client: Client
  readonly tls: boolean
  readonly helo?: string
  readonly login?: string
  /** Envelope sender; the empty string is the null sender of a bounce. */
  readonly sender?: string
  /** The recipient this step is about (stage rcpt). */
  readonly recipient?: string
  /** Recipients accepted before this one. */
  readonly accepted?: number
  readonly size?: number
  /** Protocol violations that were noticed in this session. */
  readonly violations?: readonly ProtocolViolation[]
  /** Nothing comes after this step that would count it: it counts now. */
  readonly commits?: true
  /** With stage message, from a door that sees no message: its recipients, as far as that door was told. */
  readonly recipients?: readonly string[]
  /** How many recipients there are, where not all of them have a name here. */
  readonly recipientCount?: number
  /** With stage message: a server that gets no answer asks about the message again under this name. It counts once. */
  readonly once?: string
  /** How the server that keeps the message calls it: Postfix's queue id. */
  readonly keptAs?: string
  /** Rules that another server asks already. */
  readonly skipRules?: readonly string[]
  /** Handed in by a program of the mail server's own machine (Postfix's pickup), not by SMTP: no client's address says whose it is. */
  readonly local?: true
  /** It is refused, whatever the rules say: it only gets a name, and is told of. */
  readonly fault?: FormFault
  /** Of a message whose content is not read for it. */
  readonly messageId?: string
}

/** A transaction whose recipients are all in: what `Engine.open` gets. */
export type Transaction = {
  readonly session: string
  readonly listener: ListenerKind | 'internal'
  readonly at: number
  readonly client: Client
  readonly tls: boolean
  readonly helo: string
  readonly login?: string
  readonly sender: string
  readonly recipients: readonly string[]
  /** Handed in over another protocol than SMTP. */
  readonly through?: 'IMAP' | 'POP3'
  /** Greeted with EHLO. */
  readonly extended: boolean
  readonly esmtp: EsmtpParameters
  readonly violations?: readonly ProtocolViolation[]
  /** Another server keeps it and asks what to do with it: it is judged here, and nothing of it is stored. */
  readonly elsewhere?: true
  /** How that server calls it: Postfix's queue id. */
  readonly keptAs?: string
  /** Rules that another server asks already. */
  readonly skipRules?: readonly string[]
  /** As of a step. */
  readonly local?: true
  /** Of our own letters: one of this name that was taken before is not taken again (`SpooledMessage.once`). */
  readonly once?: string
}

/** A step with its author and what is in force against them: what rules look at. */
export type AttributedStep = Step & {
  readonly who: Who
  readonly plan?: Plan
  /** Addresses the login may send as. */
  readonly addresses?: readonly string[]
  readonly inForce: readonly DecisionKind[]
  /** Its login is refused from the network that the client is in, and from no other. */
  readonly refusedHere?: true
  /** Stage message only. */
  readonly message?: MessageSummary
  /** What it is called in the journal, the log and the queue; a refused one has a name, too. */
  readonly queueId?: string
  /** What its signatures say; absent for mail of our own people, or when they could not be checked. */
  readonly authentication?: Authentication
  readonly scan?: ScanResult
  /** How many of the recipients this sender has never written to. */
  readonly firstTime?: number
  /** Of a stranger's message: how many of its recipients have never had to do with its sender. */
  readonly unknownTo?: number
}
