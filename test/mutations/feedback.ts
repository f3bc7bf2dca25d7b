// What is promised of reports of abuse that come in.

import type { Mutation } from './mutation.ts'

const COMPLAINTS = 'src/engine/evidence/complaints.ts'
const TRACED = 'src/engine/evidence/complaints.test.ts'
const READ = 'src/mail/feedback/read-feedback.test.ts'

export const FEEDBACK: readonly Mutation[] = [
  {
    row: 42,
    what: 'Received lines of others are believed',
    file: 'src/mail/feedback/original.ts',
    find: 'return by.toLowerCase() === ourName.toLowerCase() ? [{ address, id }] : []',
    replace: 'return ourName === "" ? [] : by === "" ? [] : [{ address, id }]',
    test: READ,
    name: 'The source of a report that says none is the client in our own Received line, and no other',
  },
  {
    row: 42,
    what: 'what is no JSON is no report, and not damaged',
    file: 'src/mail/feedback/xarf.ts',
    find: "    return 'damaged'\n",
    replace: "    return 'none'\n",
    test: READ,
    name: 'What cannot be read is said, and is no report without a complaint',
  },
  {
    row: 42,
    what: 'a date without its zone is a time',
    file: 'src/mail/feedback/zoned-mail-date.ts',
    find: "(hours === '-00' && minutes === '00')",
    replace: 'false',
    test: READ,
    name: 'A date without its zone, and one that there is not, is none',
  },
  {
    row: 42,
    what: 'a lease that is not certain has a complaint',
    file: COMPLAINTS,
    find: "return sure === 'certain' && subscriber !== undefined\n",
    replace: "return sure !== 'unknown'\n",
    test: TRACED,
    name: 'no lease decides without a time, long ago, to come, or where several may have had it',
  },
  {
    row: 42,
    what: 'mail that came from outside is a customer’s',
    file: COMPLAINTS,
    find: "if (listener === 'inbound' || listener === 'internal') return undefined",
    replace: "if (listener === 'redirected') return undefined",
    test: TRACED,
    name: 'not by the names that others gave it, and not by mail that came from outside',
  },
  {
    row: 42,
    what: 'forged reports push out real ones',
    file: COMPLAINTS,
    find: "left.find(({ tracedBy }) => tracedBy === 'unknown') ?? left[0]",
    replace: 'left[0]',
    test: TRACED,
    name: 'what is old goes, and a flood of forged reports takes no place from those about a customer',
  },
  {
    row: 42,
    what: 'a reporter is known without DMARC',
    file: 'src/mail/feedback/reporter-of.ts',
    find: 'domain !== undefined && passedDmarc(headers)',
    replace: 'domain !== undefined && passedDmarc(headers) !== undefined',
    test: 'src/mail/feedback/reporter-of.test.ts',
    name: 'the reporter is the organisation of the author, only where DMARC passed',
  },
]
