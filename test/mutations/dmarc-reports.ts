// What is promised of reports to the domains that mail names in From.

import type { Mutation } from './mutation.ts'

const FOLDER = 'src/drivers/authentication/dmarc-report'
const TEST = `${FOLDER}/dmarc-reports.test.ts`
const REAL = 'test/e2e/dmarc-reports.test.ts'

export const DMARC_REPORTS: readonly Mutation[] = [
  {
    row: 19,
    what: 'a stranger’s mailbox is filled with reports that it never asked for',
    file: `${FOLDER}/report-destinations.ts`,
    find: '  if (records.length === 0) return []\n',
    replace: '',
    test: TEST,
  },
  {
    row: 19,
    what: 'a mailbox that agrees sends the report on to another',
    file: `${FOLDER}/report-destinations.ts`,
    find: 'domainOf(to).toLowerCase() !== host',
    replace: 'domainOf(to) === host',
    test: TEST,
  },
  {
    row: 19,
    what: 'two servers report each other’s reports for ever',
    file: `${FOLDER}/dmarc-reports.ts`,
    find: '  if (rows.every(({ row }) => row.isReport)) return undefined\n',
    replace: '',
    test: TEST,
  },
  {
    row: 19,
    what: 'a report that is lost is lost in silence',
    file: `${FOLDER}/dmarc-reports.ts`,
    find: 'if (isLost) trouble(',
    replace: 'if (isLost && at < 0) trouble(',
    test: TEST,
  },
  {
    row: 19,
    what: 'a report larger than its reader takes is sent',
    file: `${FOLDER}/dmarc-reports.ts`,
    find: 'if (mail.length <= most)',
    replace: 'if (mail.length > 0)',
    test: TEST,
  },
  {
    row: 19,
    what: 'one stranger has the room of all',
    file: `${FOLDER}/dmarc-counts.ts`,
    find: 'mostOfOne: 2 * 2 ** 20',
    replace: 'mostOfOne: 64 * 2 ** 20',
    test: TEST,
  },
  {
    row: 19,
    what: 'a forger blinds the owner of a domain for the rest of the day',
    file: `${FOLDER}/dmarc-counts.ts`,
    find: ' ?? this.#withRoom(bareRow(row, at))',
    replace: '',
    test: TEST,
  },
  {
    row: 19,
    what: 'a row that comes again takes room again',
    file: 'src/model/shared-room.ts',
    find: '    if (this.#kept.has(id)) return true\n',
    replace: '',
    test: TEST,
  },
  {
    row: 19,
    what: 'thousands of names of a stranger get a report of DMARC each',
    file: `${FOLDER}/dmarc-counts.ts`,
    find: 'mostOfOne: 10 }',
    replace: 'mostOfOne: 10_000 }',
    test: TEST,
  },
  {
    row: 19,
    what: 'a name of a stranger is markup in a report',
    file: 'src/mail/dmarc/dmarc-report.ts',
    find: '    .replaceAll(/[&<>]/g, sign => ESCAPES[sign] ?? sign)\n',
    replace: '',
    test: TEST,
  },
  {
    row: 19,
    what: 'reports go out though they are off',
    file: 'src/app/dmarc-reports.ts',
    find: 'if (strangers.now.strangers.dmarcReports) ',
    replace: '',
    test: REAL,
  },
  {
    row: 19,
    what: 'a refusal is reported as taken',
    file: 'src/engine/intake/submit.ts',
    find: '      tellDmarc(parts, examined, judged.verdict)\n',
    replace: '',
    test: REAL,
  },
  {
    row: 19,
    what: 'what another rule refused is reported as in a mailbox',
    file: 'src/engine/intake/dmarc-row.ts',
    find: '  if (isRefused)\n',
    replace: '  if (isRefused && tested.length > 9)\n',
    test: 'src/engine/intake/dmarc-row.test.ts',
  },
  {
    row: 19,
    what: 'what a trusted forwarder changed is reported without its reason',
    file: 'src/engine/intake/dmarc-row.ts',
    find: "arc.result === 'pass' && arc.dmarcBefore === 'pass'",
    replace: "arc.result === 'none'",
    test: REAL,
  },
]
