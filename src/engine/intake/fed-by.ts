// Whose mail is this message, as evidence? What our own people submit is theirs; what a stranger sends is of no subject. What a customer's
// line sends straight to our exchangers is the line's own, as far as it made it: it asks for no login, and that must buy a bot nothing.
//
// Not here: what is said of them (examine.ts).

import type { OptOut } from '../../model/opt-out.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Who } from '../../model/lease.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { Transaction } from '../../model/step.ts'
import type { OwnedRecords } from '../../ports/records.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { subjectsOfClient } from '../evidence/attribute.ts'

export type FedByParts = {
  readonly subscribers: Subscribers
  /** Absent where customers cannot have port 25 opened. */
  readonly optOuts?: Pick<OwnedRecords<OptOut>, 'of'>
}

/** The subjects that the message feeds; none for mail of strangers and for our own. */
export function fedBy(
  parts: FedByParts,
  tx: Pick<Transaction, 'listener' | 'recipients'>,
  { who, hops }: { readonly who: Who; readonly hops: number },
): readonly Subject[] {
  if (tx.listener === 'internal') return []
  const subjects = subjectsOfClient(parts, who)
  if (tx.listener !== 'inbound' || subjects.length === 0) return subjects
  if (isToThemselves(parts, tx, who)) return []
  // A bot can write Received, too: it is believed of those alone who may send from port 25 to all the world.
  return hops > 0 && runsServer(parts, who) ? [] : subjects
}

/** A server at home that fetches or forwards its owner's mail: it reaches no other person. */
const isToThemselves = (
  { subscribers }: FedByParts,
  { recipients }: Pick<Transaction, 'recipients'>,
  { subscriber }: Who,
): boolean =>
  subscriber !== undefined &&
  recipients.every(to => {
    const login = subscribers.loginOf(foldAddress(to))
    return login !== undefined && subscribers.byLogin(login.name)?.id === subscriber
  })

/** By plan, or because they asked. */
const runsServer = ({ subscribers, optOuts }: FedByParts, { subscriber }: Who): boolean =>
  subscriber !== undefined &&
  (subscribers.get(subscriber)?.plan === 'expert' ||
    (optOuts?.of(subscriber).some(({ state, kind }) => state === 'open' && kind === 'own-server') ??
      false))
