import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../config/load.ts'
import { notKnown } from './client-setup.ts'

const why = (text: string) => notKnown(parseConfig(`domains: [isp.example]\n${text}\n`))
const IMAP = 'imap: { host: imap.isp.example }'
const SUBMISSION = 'listeners: [{ kind: submission, port: 587 }]'

test('of servers that only another program has no record says that there is none', () => {
  assert.match(why('milter: { port: 10032 }') ?? '', /reads .* and sends .*clientSetup/)
  assert.match(why(SUBMISSION) ?? '', /reads \(clientSetup\.imap\)\./)
  assert.match(why(`milter: { port: 10032 }\nclientSetup: { ${IMAP} }`) ?? '', /mail program sends/)
  assert.equal(why(`${SUBMISSION}\nclientSetup: { ${IMAP} }`), undefined)
  const both = `clientSetup: { ${IMAP}, smtp: { starttls: 587 } }`
  assert.equal(why(`milter: { port: 10032 }\n${both}`), undefined)
})
