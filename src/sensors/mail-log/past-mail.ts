// Mail that another mail server has written into its log, as steps that a policy can be tried on. A log says little: what is
// not in it (greetings, signatures, what was attached) is unknown to every rule.

import type { EventOf } from '../../model/event.ts'
import { domainOf, loginAddress } from '../../model/mail-address.ts'
import type { ListenerKind, Step } from '../../model/step.ts'

/** One transaction, as far as a log tells. */
export type PastMail = {
  readonly at: number
  readonly id: string
  readonly address: string
  readonly helo?: string
  readonly login?: string
  readonly sender: string
  readonly size?: number
  /** `refused`: why the recipient was refused. */
  readonly recipients: readonly { readonly address: string; readonly refused?: Refused }[]
}

export type Refused = 'unknown-user' | 'other'

export type PastMailOptions = {
  readonly isLocal: (domain: string) => boolean
  /** Appended to login names that have none. */
  readonly domain: string
}

/** A step for each recipient, and one for the message if a recipient was accepted. */
export function stepsOf(mail: PastMail, options: PastMailOptions): EventOf<'step-judged'>[] {
  const base = baseOf(mail, options)
  const accepted = mail.recipients.filter(({ refused }) => refused === undefined)
  const rcpts = mail.recipients.map(({ address, refused }, i) =>
    event(mail, {
      step: { ...base, stage: 'rcpt', recipient: address, accepted: i },
      verdict: refused === undefined ? 'accept' : 'reject',
      ...(refused === undefined ? {} : { rule: 'the server' }),
      known:
        options.isLocal(domainOf(address)) && refused !== 'other'
          ? refused === undefined
          : undefined,
    }),
  )
  if (accepted.length === 0) return rcpts
  const recipients = accepted.map(one => one.address)
  return [
    ...rcpts,
    event(mail, { step: { ...base, stage: 'message', recipients }, verdict: 'accept' }),
  ]
}

function baseOf(mail: PastMail, { isLocal, domain }: PastMailOptions): Omit<Step, 'stage'> {
  const { at, id, address, helo, login, sender, size } = mail
  return {
    session: id,
    listener: listenerOf(mail, isLocal),
    at,
    client: { realm: 'main', address, port: 0 },
    tls: false,
    sender,
    ...(helo === undefined ? {} : { helo }),
    ...(size === undefined ? {} : { size }),
    ...(login === undefined ? {} : { login: loginAddress(login, domain) }),
  }
}

/** Without a login, mail that goes out comes from a machine that is trusted. */
function listenerOf(
  { login, recipients }: PastMail,
  isLocal: (domain: string) => boolean,
): ListenerKind {
  if (login !== undefined) return 'submission'
  const out = recipients.some(
    ({ address, refused }) => refused === undefined && !isLocal(domainOf(address)),
  )
  return out ? 'trusted-network' : 'inbound'
}

type JudgedLine = {
  readonly step: Step
  readonly verdict: 'accept' | 'reject'
  readonly rule?: string
  /** Whether there is such a mailbox, where that can be told. */
  readonly known?: boolean | undefined
}

function event(mail: PastMail, { step, verdict, rule, known }: JudgedLine): EventOf<'step-judged'> {
  const { at, id, address } = mail
  const recipient = step.recipient ?? ''
  return {
    kind: 'step-judged',
    id,
    at,
    seq: 0,
    who: {
      realm: 'main',
      address,
      port: 0,
      sure: 'unknown',
      ...(step.login === undefined ? {} : { login: step.login }),
    },
    step,
    asked:
      known === undefined
        ? []
        : [
            {
              question: { about: 'recipient', address: recipient },
              answer: { about: 'recipient', value: known },
            },
          ],
    verdict,
    ...(rule === undefined ? {} : { rule }),
  }
}
