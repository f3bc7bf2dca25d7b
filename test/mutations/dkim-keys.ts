// What is promised of the keys that sign our mail.

import type { Mutation } from './mutation.ts'

const FOLDER = 'src/drivers/identity'
const TEST = `${FOLDER}/dkim-keys.test.ts`

export const DKIM_KEYS: readonly Mutation[] = [
  {
    row: 19,
    what: 'keys that may be lost are kept by a rotation',
    file: 'src/drivers/identity/dkim-keys.ts',
    find: '...this.#keys.filter(isUsed), ...made',
    replace: '...this.#keys, ...made',
    test: TEST,
  },
  {
    row: 19,
    what: 'a key signs though no receiver uses its record',
    file: 'src/mail/dkim-record.ts',
    find: 'dkimSlip(found) === undefined &&',
    replace: '',
    test: 'src/mail/dkim-record.test.ts',
  },
  {
    row: 19,
    what: 'a key signs by the record of another',
    file: 'src/mail/dkim-record.ts',
    find: "found.get('p') === own.get('p')",
    replace: "found.has('p')",
    test: 'src/mail/dkim-record.test.ts',
  },
  {
    row: 19,
    what: 'a silent DNS takes an old key',
    file: `${FOLDER}/dkim-published.ts`,
    find: "if ('failed' in texts) continue",
    replace:
      "if ('failed' in texts) keys.unpublished(selector, at)\n    if ('failed' in texts) continue",
    test: TEST,
  },
  {
    row: 19,
    what: 'an old key goes while its mail is under way',
    file: `${FOLDER}/dkim-keys.ts`,
    find: ' || at - gone.ended < OLD_KEPT',
    replace: '',
    test: TEST,
  },
  {
    row: 19,
    what: 'a rotation that was not written is in force',
    file: `${FOLDER}/dkim-keys.ts`,
    find: '    writeWhole(this.#file, textOf(keys))\n    this.#keys = keys',
    replace: '    this.#keys = keys\n    writeWhole(this.#file, textOf(keys))',
    test: TEST,
  },
  {
    row: 19,
    what: 'two keys of a kind sign',
    file: `${FOLDER}/dkim-keys.ts`,
    find: 'isSigning(one) ? { ...one, ended: at } : one',
    replace: 'isSigning(one) ? { ...one } : one',
    test: TEST,
  },
  {
    row: 19,
    what: 'a key signs for a domain whose zone does not have it',
    file: `${FOLDER}/dkim-keys.ts`,
    find: ' && (key.domain === undefined || key.domain === domain)',
    replace: '',
    test: TEST,
  },
  {
    row: 19,
    what: 'the older of two keys comes back in another zone',
    file: `${FOLDER}/dkim-keys.ts`,
    find: 'if (!next || next.ended !== undefined || next.domain === domain) return',
    replace: 'if (!next || next.domain === domain) return',
    test: TEST,
  },
  {
    row: 19,
    what: 'where the list of keys is lost, one that was taken back signs unseen',
    file: `${FOLDER}/dkim-keys.ts`,
    find: 'lost ? read.map(one => ({ ...one, domain: NOWHERE })) : read',
    replace: 'lost ? read.map(one => ({ ...one })) : read',
    test: TEST,
  },
  {
    row: 19,
    what: 'a selector with a line end stands in headers',
    file: `${FOLDER}/dkim-keys.ts`,
    find: '      SELECTOR.test(selector) &&\n',
    replace: '',
    test: TEST,
  },
  {
    row: 19,
    what: 'mail is signed with one key of two',
    file: 'src/mail/dkim-sign.ts',
    find: '    signatureData: all,',
    replace: '    signatureData: [first],',
    test: 'test/e2e/dkim-keys.test.ts',
  },
]
