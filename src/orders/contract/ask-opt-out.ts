// An opt-out is requested with the second factor; the code that confirms it is in a letter.

import { z } from 'zod'
import { OPT_OUT_KINDS } from '../../model/opt-out.ts'
import { contract } from './contract.ts'
import { factor, line } from './fields.ts'

/** Before those are counted that differ: how many may be opened is said by the engine. */
const MOST = 100
const SERVERS = 'Please write the servers you send to on port 25, by name or address.'

export const askOptOut = contract({
  kind: 'ask-opt-out',
  about: 'request an opt-out: port 25',
  ownerMay: true,
  staffMay: false,
  fields: z.strictObject({
    optOut: z.enum(OPT_OUT_KINDS, { error: `Write one of: ${OPT_OUT_KINDS.join(', ')}.` }),
    destinations: z
      .array(line(SERVERS, 255), { error: SERVERS })
      .max(MOST, { error: `At most ${MOST}.` })
      .readonly(),
    serverName: z.exactOptional(
      line('Please write the full name of your mail server, such as mail.example.org.', 255),
    ),
    factor,
  }),
  target: () => 'own line',
  censor: () => ({ factor: '' }),
  form: given => ({
    factor: '',
    ...given,
    destinations: (given['destinations'] ?? '').split(/[\s,;]+/).filter(one => one !== ''),
  }),
})
