// The envelope sender and the From header belong to the login (RFC 6409 §6.1 allows a submission server to
// enforce this). A bot that invents senders is refused here; a person with a forgotten address is told whom
// to ask. What they send says clearly whom it is from: a From that two programs read differently is a way to
// write under a name that was never looked at. On a trusted network clients do not log in, so there is no name to get round:
// printers and cron write no From there, or one without an address, and what is unclear is a fact of the message only.

import { foldAddress } from '../../model/mail-address.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Mode, Rule } from './rule.ts'

export function senderBelongs(mode: Mode): Rule {
  return {
    name: 'sender-belongs',
    about:
      'The sender is an address of the login, and there is one From that all programs read alike; receipts and automatic answers have the null sender (not checked on a trusted network without a login).',
    reasons: ['sender-not-yours', 'null-sender', 'from-unclear'],
    listeners: ['submission', 'trusted-network', 'redirected'],
    stages: ['mail', 'message'],
    mode,
    onFailure: 'defer',
    decide,
  }
}

function decide(step: AttributedStep): Verdict | undefined {
  const isDevice = step.listener === 'trusted-network' && step.login === undefined
  const wrong = step.message?.unclearFrom
  if (wrong !== undefined && !isDevice)
    return { kind: 'reject', reason: 'from-unclear', help: wrong }
  // Without a login another rule speaks.
  if (step.login === undefined) return undefined
  const mine = step.addresses ?? []
  const { message, sender = '' } = step
  // Whether it is a receipt (RFC 8098 §3) or an answer of a program (RFC 3834 §3.3) is seen when all of it is there.
  if (step.stage === 'mail' && sender === '') return undefined
  if (message && sender === '' && !message.receipt && !message.autoSubmitted)
    return { kind: 'reject', reason: 'null-sender' }
  const used = step.stage === 'mail' ? [sender] : (message?.from ?? [])
  const foreign = used.find(address => !mine.includes(foldAddress(address)))
  if (foreign === undefined) return undefined
  // The login's own address, behind one that is to be its name.
  const asName = step.stage === 'message' ? message?.addressAsName : undefined
  if (asName && mine.includes(asName.meant))
    return { kind: 'reject', reason: 'from-unclear', help: asName.wrong }
  const where = step.stage === 'mail' ? 'MAIL FROM is' : 'From is'
  return { kind: 'reject', reason: 'sender-not-yours', help: `${where} ${shown(foreign)}` }
}

/** Addresses are shown with at most this many characters; `%` is not for a milter's reply. */
const MAX_SHOWN = 100
const shown = (address: string): string => address.slice(0, MAX_SHOWN).replaceAll(/[^ -$&-~]/g, '?')
