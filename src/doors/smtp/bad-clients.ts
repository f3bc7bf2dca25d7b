// Tells the engine of clients that make work and send no mail: an operator finds by it what keeps the machine busy.

import type { CutOff } from '../../model/event.ts'
import type { ListenerKind } from '../../model/step.ts'
import type { SmtpParts } from './smtp-parts.ts'

type BadClient = {
  readonly address: string
  readonly session: string
  readonly listener: ListenerKind
  readonly login: string | undefined
}

/** The client reads none of our replies. `ended`: its connection is ended for that. */
export function tellUntaken(
  { engine, now }: SmtpParts,
  { login, ended, ...about }: BadClient & { readonly ended: boolean },
): void {
  engine.report({
    kind: 'client-not-reading',
    at: now(),
    door: 'smtp',
    ...about,
    ...(login === undefined ? {} : { login }),
    ...(ended ? { ended } : {}),
  })
}

/** The client got a 421. */
export function tellCutOff(
  { engine, now }: SmtpParts,
  { login, ...about }: BadClient,
  tooMany: CutOff,
): void {
  const known = login === undefined ? about : { ...about, login }
  engine.report({ kind: 'client-cut-off', at: now(), ...known, tooMany })
}
