// Owners whose mail waits for long are asked whether it is theirs.

import { MINUTE } from '../../model/duration.ts'
import { type AskParts, askOwners as ask } from '../letters/ask-owners.ts'
import type { Chore } from './chore.ts'

export const askOwners: Chore<{ readonly askParts: AskParts }> = {
  name: 'asking owners whose mail waits',
  every: MINUTE,
  where: 'once',
  alone: true,
  run: ({ askParts }, at) => ask(askParts, at),
}
