// Whose mail it is that a program handed in on the mail server's own machine: without a client and a login the envelope sender alone tells.
// A customer's address is that customer, with limits, evidence and decisions of the login; all the rest is one sender, the machine.

import { foldAddress } from '../../model/mail-address.ts'
import type { Step, Transaction } from '../../model/step.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

type Mail = Pick<Step, 'local' | 'sender'> & { readonly listener: Transaction['listener'] }

/** As it is if no local program handed it in. */
export function asHandedIn<T extends Mail>(
  { subscribers }: { readonly subscribers: Pick<Subscribers, 'loginOf'> },
  mail: T,
): T {
  if (!mail.local) return mail
  const sender = mail.sender ?? ''
  const login = sender === '' ? undefined : subscribers.loginOf(foldAddress(sender))?.name
  return login === undefined
    ? { ...mail, listener: 'trusted-network' }
    : { ...mail, listener: 'submission', login }
}
