// One thing that happened, and when: a closed union, JSON only. Journal, live view, tests and replay use exactly this (docs/events.md).

import type { AlarmEvent } from './alarm-event.ts'
import type { Authentication } from './authentication.ts'
import type { AbuseReportEvent, ComplaintEvent } from './complaint-event.ts'
import type { DecisionKind, EndedBy } from './decision.ts'
import type { EpisodeEvent } from './episode-event.ts'
import type { EvidenceKind, Subject } from './evidence.ts'
import type { Status } from './incident.ts'
import type { KnockCounts } from './knock-counts.ts'
import type { Lease, Who } from './lease.ts'
import type { Unreadable } from './message.ts'
import type { MessageFacts } from './message-facts.ts'
import type { ProtocolViolation } from './protocol-violation.ts'
import type { PasswordEvent } from './password-event.ts'
import type { NetworkEvent } from './network-event.ts'
import type { OrderOutcome } from './order.ts'
import type { OptOut, OptOutEndedBy, OptOutKind } from './opt-out.ts'
import type { Reason } from './reason.ts'
import type { AnsweredQuestion, RecordedStep, Saw } from './recorded-step.ts'
import type { ResultClass } from './result-class.ts'
import type { ListenerKind, Stage } from './step.ts'
import type { TrafficSign } from './traffic-sign.ts'
import type { Verdict } from './verdict.ts'

/** Units per day that are usual for each subject, as known when the event happened. */
export type Usual = { readonly [subject: Subject]: number }

/** `id`: node, boot and number (`k3v9q2mz.7.1204`), or the sensor's own; `seq` is that number. */
type Base = { readonly id: string; readonly at: number; readonly seq: number }

export type Event = Base &
  (
    | {
        readonly kind: 'link-auth'
        readonly who: Who
        readonly session: string
        readonly listener: ListenerKind
        readonly ok: boolean
        /** Not looked at, because so many were wrong: by login and network, source, network, or login. Told once in its window. */
        readonly stoppedBy?: string
        /** The network the login came from, and whether it had been seen for this login before. */
        readonly network: string
        readonly novelNetwork?: boolean
        readonly atHome?: boolean
        readonly usual?: Usual
      }
    | {
        /** A client tried to log in at the portal. */
        readonly kind: 'portal-login'
        /** The client's address; whose line that is, is not asked. */
        readonly address: string
        /** The customer number as it was typed, at most 64 characters of it: there need not be such a customer. */
        readonly subscriber: string
        readonly ok: boolean
        /** Not looked at, because so many were wrong; told once in its window. */
        readonly stoppedBy?: string
      }
    | {
        /** A client of one of our lines or logins did what no mail program does. */
        readonly kind: 'protocol-violation'
        readonly who: Who
        readonly session: string
        readonly listener: ListenerKind
        /** Protocol violations, or `foreign-literal`: an outside address in the greeting that is not its own. */
        readonly signs: readonly (ProtocolViolation | 'foreign-literal')[]
        readonly subjects: readonly Subject[]
        /** Subjects of these of which it had not been seen for weeks: an old printer does it every day. */
        readonly novel?: readonly Subject[]
        readonly usual?: Usual
      }
    | {
        /** It was told 421, because it makes work and sends no mail. */
        readonly kind: 'client-cut-off'
        readonly address: string
        readonly login?: string
        readonly session: string
        readonly listener: ListenerKind
        readonly tooMany: CutOff
      }
    | {
        /** The client takes nothing of what we write. */
        readonly kind: 'client-not-reading'
        /** Absent while it is waited for. */
        readonly ended?: true
        readonly door: 'smtp' | 'policy' | 'milter' | 'decoy' | 'http'
        /** Of the SMTP door. */
        readonly listener?: ListenerKind
        readonly login?: string
        /** The client's address; empty on a local socket. */
        readonly address: string
        readonly session?: string
      }
    | {
        readonly kind: 'judged'
        readonly who: Who
        readonly listener: ListenerKind
        readonly stage: Stage
        readonly rule: string
        readonly reason: Reason
        readonly verdict: 'reject' | 'defer' | 'hold' | 'discard'
        readonly refusal?: string
        readonly session?: string
        readonly message?: string
        readonly observed?: true
        /** What was wrong, as it stands in the reply. */
        readonly found?: string
        /** It came so often again in this session (stage and rule), after the first time, and is told of once more. */
        readonly times?: number
      }
    | {
        /**
         * One step at RCPT, of a whole message, or that was refused, with all that was known: what a replay of another policy
         * needs, and what a refused sender can read.
         */
        readonly kind: 'step-judged'
        readonly who: Who
        /** Of a whole message, taken or refused: its queue id. An older Cordon did not say it. */
        readonly message?: string
        readonly step: RecordedStep
        readonly asked?: readonly AnsweredQuestion[]
        readonly verdict: Verdict['kind']
        /** The rule that decided, unless the step was accepted, and its reason. */
        readonly rule?: string
        readonly reason?: Reason
        /** The name of the refusal, as it stood in the reply. */
        readonly refusal?: string
        /** Of a message that was refused: what its sender, and a person that helps the sender, knows it by. */
        readonly saw?: Saw
      }
    | {
        /** Something in a message could not be read to its end, whatever became of the message. */
        readonly kind: 'message-unreadable'
        readonly who: Who
        readonly session: string
        readonly message: string
        readonly listener: ListenerKind | 'internal'
        readonly unreadable: readonly Unreadable[]
        /** What it was, in words, and what exactly was wrong with an archive. */
        readonly cause: string
      }
    | {
        /** Signatures and sender of a stranger's message could not be checked to their end, whatever became of the message. */
        readonly kind: 'authentication-unchecked'
        readonly who: Who
        readonly session: string
        readonly message: string
        /** Domain of the author, as far as it is known; and what it wants. */
        readonly domain: string
        readonly policy: Authentication['dmarc']['policy']
        readonly cause: string
      }
    | {
        /** A line that is no field stood in the header: it was ended before it, and what follows is body. */
        readonly kind: 'header-ended-early'
        readonly who: Who
        readonly session: string
        readonly message: string
        readonly listener: ListenerKind | 'internal'
        /** That line, printable and at most 80 characters of it, and which line of the header it is; not of an older Cordon. */
        readonly line?: string
        readonly number?: number
      }
    | {
        readonly kind: 'tx-commit'
        readonly who: Who
        readonly session: string
        readonly message: string
        readonly listener: ListenerKind | 'internal'
        readonly sender: string
        /** Keyed hashes of correspondents, `hash@domain`. */
        readonly correspondents: readonly string[]
        readonly size: number
        readonly fingerprint: string
        readonly facts: MessageFacts
        /** A limit or a rule holds it, whatever the evidence says. */
        readonly held?: true
        /** Messages of each subject in the last hour, this one included; answers to what came in are not among them. */
        readonly lastHour: Usual
        /** Where it is `trapped`: which addresses of ours these are, at most three of them. */
        readonly traps?: readonly string[]
        /**
         * Where it is `trapped` and no outsider is seen to have led to it: how many different texts each subject sent as to a list
         * within a week, each to an address of that kind that it had not written to before; 0 when it had written to this one before.
         */
        readonly trapTexts?: Usual
        /** Those of them that did not send it as to a list: what led them to it may have been where Cordon does not see it. */
        readonly trapAlone?: readonly Subject[]
        readonly usual: Usual
      }
    | {
        readonly kind: 'delivery-done'
        readonly message: string
        readonly recipient: string
        readonly relay: string
        readonly login?: string
        /** A report of ours, to the sender of mail that could not be delivered. */
        readonly bounce?: true
        /** It answered a message that came in: that it was taken is its recipient's doing. */
        readonly answer?: 'owed' | 'led'
        /** Of a customer's message that an exchanger of the recipient's own domain took, or a mailbox of ours; no smart host, but `perhapsRelayed`. */
        readonly facts?: MessageFacts
        readonly perhapsRelayed?: true
      }
    | {
        readonly kind: 'delivery-failed'
        readonly message: string
        readonly recipient: string
        readonly relay: string
        readonly login?: string
        readonly bounce?: true
        readonly permanent: boolean
        readonly result: ResultClass
        readonly code: number
        /** What the other server said, its correspondents' local parts taken out. */
        readonly words?: string
        readonly facts?: MessageFacts
        /** Where it is refused as spam: mail of at least three of our logins was taken there lately, answers not counted. */
        readonly takesMail?: boolean
        /** Where it is refused as spam: the domain has refused mail of this sender within a day already. */
        readonly again?: true
        readonly usual?: Usual
      }
    | ({
        readonly kind: 'egress-attempt'
        readonly who: Who
        readonly destination: string
        readonly port: number
        /** A completed TCP session cannot be spoofed; a SYN can, unless the sensor says the network forbids it. */
        readonly completed: boolean
        readonly antiSpoofed: boolean
        readonly outcome: 'refused' | 'redirected' | 'passed' | 'decoy'
        readonly usual?: Usual
      } & KnockCounts)
    | {
        /** Flow records show something of a line. Told once in ten minutes for each step of `count`. */
        readonly kind: 'traffic-seen'
        readonly who: Who
        readonly sign: TrafficSign
        readonly port: number
        /** The last of those at the other end. */
        readonly other: string
        /** Different addresses at the other end; 1 for a sign of which one address is enough. */
        readonly count: number
        readonly antiSpoofed: boolean
        /** One packet in so many was looked at. */
        readonly sampling?: number
        /** The feed in which the other end stands. */
        readonly list?: string
        readonly usual?: Usual
      }
    | {
        /** A client handed a message to a decoy, which delivers nothing. */
        readonly kind: 'decoy-mail'
        readonly who: Who
        readonly destination: string
        readonly helo: string
        /** Domains only: the addresses are other people's, or made up. */
        readonly senderDomain: string
        readonly recipientDomains: readonly string[]
        readonly recipients: number
        readonly size: number
        readonly fingerprint: string
      }
    | { readonly kind: 'lease-opened' | 'lease-closed'; readonly lease: Lease }
    | {
        readonly kind: 'evidence-weighed'
        /** What its owner is not told: which trap it was, in which message. */
        readonly forStaff?: string
        readonly subject: Subject
        readonly unit: string
        readonly cell: string
        readonly why: string
        readonly nats: number
        readonly sum: number
        readonly holdAt: number
        readonly containAt: number
        readonly kinds: readonly EvidenceKind[]
      }
    | AbuseReportEvent
    | ComplaintEvent
    | EpisodeEvent
    | PasswordEvent
    | {
        readonly kind: 'incident-opened' | 'incident-changed'
        readonly incident: string
        readonly caseCode: string
        readonly subject: Subject
        readonly status: Status
        readonly sum: number
        readonly summary: string
        readonly released?: true
      }
    | {
        readonly kind: 'decision-made'
        readonly decision: string
        readonly incident: string
        readonly subject: Subject
        readonly what: DecisionKind
        readonly until: number
      }
    | {
        /** Evidence only observes: this would have been decided. */
        readonly kind: 'decision-observed'
        readonly incident: string
        readonly caseCode: string
        readonly subject: Subject
        readonly what: DecisionKind
        readonly summary: string
      }
    | {
        readonly kind: 'decision-ended'
        readonly decision: string
        readonly incident: string
        readonly subject: Subject
        readonly what: DecisionKind
        readonly endedBy: EndedBy
      }
    | NetworkEvent
    | {
        readonly kind: 'notice-sent'
        /** Absent when it is about a limit. */
        readonly incident?: string
        readonly subscriber: string
        readonly to: string
        readonly notice: string
      }
    | {
        readonly kind: 'order-given'
        readonly actor: string
        readonly order: string
        readonly target: string
        readonly outcome: OrderOutcome
      }
    | {
        /** A customer's port 25 was asked for, opened by an opt-out, or closed again. */
        readonly kind: 'opt-out-changed'
        readonly subscriber: string
        readonly optOut: string
        readonly optOutKind: OptOutKind
        readonly state: OptOut['state']
        readonly destinations: readonly string[]
        readonly endedBy?: OptOutEndedBy
      }
    | {
        readonly kind: 'held-settled'
        readonly message: string
        readonly login?: string
        readonly outcome: 'released' | 'kept' | 'expired' | 'purged'
      }
    | AlarmEvent
    | { readonly kind: 'journal-gap'; readonly lost: number }
    | {
        /** Judged steps of a flood that were not written down; `ofMost` of them by this address or login. */
        readonly kind: 'steps-left-out'
        readonly left: number
        readonly address?: string
        readonly login?: string
        readonly ofMost: number
      }
  )

/** What was too many in one session. */
export type CutOff = 'errors' | 'commands without a message'

export type EventKind = Event['kind']
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>

/** An event before the engine has given it its place in the order of things. */
export type NewEvent = Event extends infer E
  ? E extends Event
    ? Omit<E, 'id' | 'seq'> & { readonly id?: string }
    : never
  : never
