// What keeps a log's words from naming an innocent, each taken out once.

import type { Mutation } from './mutation.ts'

const GRAMMARS = 'src/sensors/mail-log/grammars'
const FORGED = `${GRAMMARS}/grammars.test.ts`
const NAMED = 'src/app/who-spams/who-spams.test.ts'
const READER = 'src/sensors/mail-log/mail-log-reader.test.ts'

export const WHO_SPAMS: readonly Mutation[] = [
  {
    row: 38,
    what: 'a recipient or an answer imitates the delivery agent',
    file: `${GRAMMARS}/postfix.ts`,
    find: '?? 0) > 1) return undefined',
    replace: '?? 0) > 99) return undefined',
    test: FORGED,
    name: 'Postfix: no recipient, sender or answer imitates what stands behind it',
  },
  {
    row: 38,
    what: 'a sender or greeting imitates the envelope of a refusal',
    file: `${GRAMMARS}/postfix.ts`,
    find: '(isPlain && ENVELOPE.exec(all))',
    replace: 'ENVELOPE.exec(all)',
    test: FORGED,
  },
  {
    row: 38,
    what: 'a quoted recipient of Exim imitates a delivery to another',
    file: `${GRAMMARS}/exim.ts`,
    find: "said.includes(' <\"') ? quoted(said) : plain(said)",
    replace: 'plain(said)',
    test: FORGED,
    name: 'Exim: a recipient is a delivery’s, its answer no field',
  },
  {
    row: 38,
    what: 'a greeting imitates a login of Exim',
    file: `${GRAMMARS}/exim.ts`,
    find: "!found || IMITATED.test(found[7] ?? '')",
    replace: '!found',
    test: FORGED,
    name: 'Exim: a quoted sender is a sender, whatever it contains',
  },
  {
    row: 38,
    what: 'a stranger with the Message-ID of another’s message is taken for it',
    file: 'src/sensors/mail-log/message-tracker.ts',
    find: "who?.kind === 'address' &&",
    replace: "who?.kind === 'address' ||",
    test: READER,
    name: 'a stranger with the Message-ID of another’s message is not that other',
  },
  {
    row: 38,
    what: 'mail that comes back from a filter counts twice',
    file: 'src/sensors/mail-log/message-tracker.ts',
    find: '    mail.parent = parent\n',
    replace: '',
    test: READER,
  },
  {
    row: 38,
    what: 'strange networks of a telephone name its owner',
    file: 'src/app/who-spams/verdict.ts',
    find: 'saysMoreThan(EVERYDAY)',
    replace: 'saysMoreThan(ORDINARY)',
    test: NAMED,
  },
  {
    row: 38,
    what: 'a login that sends each message from another network is not named',
    file: 'src/app/who-spams/verdict.ts',
    find: 'gravest.everNew ||',
    replace: '',
    test: NAMED,
  },
  {
    row: 38,
    what: 'strangers who write to people of ours are named',
    file: 'src/app/who-spams/verdict.ts',
    find: "if (who.kind === 'address' && domains.size < SENDS_OUT) return undefined",
    replace: '',
    test: NAMED,
    name: 'strangers who write to people of ours are no senders of ours',
  },
  {
    row: 38,
    what: 'a name from a log commands a shell',
    file: 'src/app/who-spams/advice.ts',
    find: 'if (login === undefined) return []',
    replace: '',
    test: NAMED,
    name: 'names from a log command no shell',
  },
]
