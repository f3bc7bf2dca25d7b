// What of a judged step goes into the journal, so that another policy can be tried on it later: all that rules look at, and no
// more. Local parts of other people's addresses become keyed hashes, names of files their extensions; of what was refused the names stand
// beside it, so that a sender who asks can be told, and of what a rule would have refused the file that was the cause (`judged`, `found`).

import { isPostmaster } from '../../core/policy/postmaster.ts'
import { fileExtension } from '../../mail/file-extension.ts'
import type { Authentication } from '../../model/authentication.ts'
import type { NewEvent } from '../../model/event.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { AnsweredQuestion, RecordedStep, Saw } from '../../model/recorded-step.ts'
import type { MessageSummary } from '../../model/message.ts'
import { unreadCause } from '../../model/unread-words.ts'
import type { Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'
import type { Writable } from '../../model/writable.ts'

export type Judged = {
  readonly step: AttributedStep
  readonly asked: readonly AnsweredQuestion[]
  readonly judgement: Judgement
  readonly refusal?: string | undefined
  readonly found?: string | undefined
}

export function recordStep(
  { step, asked, judgement: { verdict, rule }, refusal, found }: Judged,
  hash: (address: string) => string,
): NewEvent {
  // A role is no person's name, and a replay must know which mail was for the postmaster.
  const hide = (address: string) => (isPostmaster(address) ? foldAddress(address) : hash(address))
  return {
    kind: 'step-judged',
    at: step.at,
    who: step.who,
    ...(step.stage === 'message' && step.queueId !== undefined ? { message: step.queueId } : {}),
    step: recorded(step, hide),
    ...(asked.length > 0
      ? { asked: asked.map(one => ({ question: hidden(one.question, hide), answer: one.answer })) }
      : {}),
    verdict: verdict.kind,
    ...(rule === undefined ? {} : { rule }),
    ...('reason' in verdict ? { reason: verdict.reason } : {}),
    ...(refusal === undefined ? {} : { refusal }),
    ...(refusal === undefined ? {} : sawIn(step, found)),
  }
}

/** Names of files that are told, and of how many characters. */
const MAX_FILES = 20
const MAX_NAME = 120
const MAX_ID = 250

function sawIn(step: AttributedStep, found: string | undefined): { readonly saw?: Saw } {
  const { message, messageId } = step
  const known: Saw = {
    ...(message ? saw(step, message) : {}),
    ...(messageId === undefined ? {} : { messageId: messageId.slice(0, MAX_ID) }),
    ...(found === undefined ? {} : { found }),
  }
  return message || Object.keys(known).length > 0 ? { saw: known } : {}
}

/** A sender whose mail was refused finds the message by it; of mail that is taken none of this is written down. */
function saw({ queueId }: AttributedStep, message: MessageSummary): Saw {
  const cause = unreadCause(message)
  const all = [...new Set([...message.attachments, ...(message.archived ?? [])])].filter(
    name => name !== '',
  )
  const files = all.slice(0, MAX_FILES).map(name => name.slice(-MAX_NAME))
  const moreFiles = all.length - files.length
  return {
    ...(queueId === undefined ? {} : { message: queueId }),
    ...(message.messageId === undefined ? {} : { messageId: message.messageId.slice(0, MAX_ID) }),
    ...(files.length === 0 ? {} : { files }),
    ...(moreFiles === 0 ? {} : { moreFiles }),
    ...(cause === undefined ? {} : { cause }),
  }
}

/** What is written otherwise, or only where it is said. */
type Otherwise =
  | 'listener'
  | 'stage'
  | 'sender'
  | 'recipient'
  | 'recipients'
  | 'tls'
  | 'accepted'
  | 'login'
  | 'client'
  | 'inForce'
  | 'session'
  | 'message'
  | 'ownFrom'
  | 'authentication'

/** Each of them once: a field of a step that is missing here, or is none, does not compile. */
const AS_IT_IS = Object.keys({
  helo: true,
  size: true,
  violations: true,
  commits: true,
  recipientCount: true,
  keptAs: true,
  skipRules: true,
  local: true,
  fault: true,
  plan: true,
  scan: true,
  firstTime: true,
  unknownTo: true,
  refusedHere: true,
} satisfies Record<Exclude<keyof RecordedStep, Otherwise>, true>) as readonly Exclude<
  keyof RecordedStep,
  Otherwise
>[]

function recorded(step: AttributedStep, hide: (address: string) => string): RecordedStep {
  const { message, authentication, addresses, sender, recipient, recipients } = step
  const { session, client, tls, inForce, login, accepted } = step
  const found: Writable<RecordedStep> = { listener: step.listener, stage: step.stage }
  const copied = found as Record<string, unknown>
  for (const key of AS_IT_IS) if (step[key] !== undefined) copied[key] = step[key]
  // The address of the login itself may stand there in clear: it is in `who`, too.
  if (sender !== undefined) {
    const folded = foldAddress(sender)
    found.sender = sender === '' || addresses?.includes(folded) ? folded : hide(sender)
  }
  if (recipient !== undefined) found.recipient = hide(recipient)
  if (recipients) found.recipients = recipients.map(hide)
  if (tls) found.tls = true
  if (accepted) found.accepted = accepted
  if (login !== undefined && step.who.login !== login) found.login = login
  if (client.wanted) found.client = client
  if (inForce.length > 0) found.inForce = inForce
  if (!message) return found
  found.session = session
  found.message = outline(message)
  if (addresses) found.ownFrom = message.from.every(address => addresses.includes(address))
  if (authentication) found.authentication = withoutHeader(authentication)
  return found
}

const withoutHeader = ({ header: _header, forReport: _forReport, ...rest }: Authentication) => rest

/** What rules about content look at. */
function outline(message: MessageSummary): NonNullable<RecordedStep['message']> {
  const { size, hops, automatic, linkHosts, attachments, archived, receipt } = message
  return {
    size,
    hops,
    automatic,
    // Only those that could hide something.
    linkHosts: linkHosts
      .map(authority => authority.slice(authority.lastIndexOf('@') + 1))
      .filter(host => host.includes('%') || /^[0-9a-fx.:]+$/.test(host)),
    attachments: [...new Set(attachments.map(extensionsOf))],
    ...(archived ? { archived: [...new Set(archived.map(extensionsOf))] } : {}),
    ...(message.encryptedArchive ? { encryptedArchive: true } : {}),
    ...(message.unreadable ? { unreadable: message.unreadable } : {}),
    ...(receipt ? { receipt } : {}),
    ...(message.autoSubmitted ? { autoSubmitted: true } : {}),
    ...(message.unclearFrom !== undefined ? { unclearFrom: true } : {}),
    ...(message.listId === undefined ? {} : { list: true }),
  }
}

/** Longer ones are no programs'. */
const MAX_EXTENSION = 20

/** The last of them, and what turns letters round. */
function extensionsOf(name: string): string {
  const turned = /[\u202a-\u202e\u2066-\u2069]/.exec(name)?.[0] ?? ''
  const extension = fileExtension(name)
  const isShort = extension !== undefined && extension.length <= MAX_EXTENSION
  return `${turned}…${isShort ? `.${extension}` : ''}`
}

function hidden(question: Question, hide: (address: string) => string): Question {
  if (question.about === 'recipient') return { ...question, address: hide(question.address) }
  return question.about === 'spf' && question.sender !== ''
    ? { ...question, sender: hide(question.sender) }
    : question
}
