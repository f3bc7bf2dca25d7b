// Whose mail it is that a program handed in on the mail server's own machine: that machine's, whatever sender it names. No login and no client
// stand behind the sender address, so a web site that is broken into could blame any customer by it.

import type { Step, Transaction } from '../../model/step.ts'

type Mail = Pick<Step, 'local'> & { readonly listener: Transaction['listener'] }

/** Mail of one sender, `machine:local`, with limits and without evidence. */
export const asHandedIn = <T extends Mail>(mail: T): T =>
  mail.local ? { ...mail, listener: 'trusted-network' } : mail
