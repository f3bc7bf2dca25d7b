// What is promised of mail that cannot be read on the way: DANE and MTA-STS of others.

import type { Mutation } from './mutation.ts'

const DANE = { file: 'src/wire/dane.ts', test: 'src/wire/dane.test.ts' } as const
const SERVERS = 'src/drivers/delivery/mail-servers.test.ts'
const POLICIES = 'src/drivers/delivery/mta-sts/sts-policies'
const TABLE = 'test/e2e/delivery-security.test.ts'

export const DELIVERY_SECURITY: readonly Mutation[] = [
  {
    row: 15,
    what: 'an authority of DANE vouches for every name',
    ...DANE,
    find: 'own.checkHost(name, { partialWildcards: false }) !== undefined',
    replace: 'name !== own.subject',
  },
  {
    row: 15,
    what: 'a customer’s certificate vouches for others',
    ...DANE,
    find: ' || (i > 0 && !one.ca)',
    replace: '',
  },
  {
    row: 15,
    what: 'an authority whose certificate has ended vouches',
    ...DANE,
    find: 'at < one.validToDate.getTime()',
    replace: 'at < Infinity',
  },
  {
    row: 15,
    what: 'of two digests the weaker is enough',
    ...DANE,
    find: 'one.matching !== SHA256 ||',
    replace: 'one.matching === SHA256 ||',
  },
  {
    row: 15,
    what: 'TLSA records behind an unsigned MX count',
    file: 'src/drivers/delivery/mail-servers.ts',
    find: 'const tlsa = secure ?',
    replace: 'const tlsa = secure || name ?',
    test: SERVERS,
  },
  {
    row: 15,
    what: 'a TLSA record without an answer is none',
    file: 'src/drivers/delivery/mail-servers.ts',
    find: "if ('failed' in tlsa) return unanswered(`the TLSA record of ${name}`)",
    replace:
      "if ('failed' in tlsa) return reached(addresses.value.found, { name, domain, alias, tlsa: undefined, sts: policy })",
    test: SERVERS,
  },
  {
    row: 15,
    what: 'with records that cannot be used mail goes in clear',
    file: 'src/drivers/delivery/way-to.ts',
    find: "  if (tlsa)\n    return {\n      tls: 'required'",
    replace: "  if (tlsa)\n    return {\n      tls: 'opportunistic'",
    test: SERVERS,
  },
  {
    row: 15,
    what: 'MTA-STS is before DANE',
    file: 'src/drivers/delivery/way-to.ts',
    find: 'if (tlsa && usable.length > 0)',
    replace: "if (tlsa && usable.length > 0 && sts?.mode !== 'enforce')",
    test: SERVERS,
  },
  {
    row: 15,
    what: 'the certificate is not compared with the TLSA records',
    file: 'src/drivers/delivery/smtp-client.ts',
    find: 'if (dane && !isMatched(',
    replace: 'if (dane && isMatched.length > 9 && !isMatched(',
    test: TABLE,
  },
  {
    row: 15,
    what: 'a server without the TLS that is asked for has refused the mail',
    file: 'src/drivers/delivery/smtp-pool.ts',
    find: 'if (hop.asked !== undefined)',
    replace: "if (hop.asked === 'nothing')",
    test: TABLE,
  },
  {
    row: 15,
    what: 'with REQUIRETLS any server is tried',
    file: 'src/drivers/delivery/carry.ts',
    find: 'job.claim.esmtp?.requireTls ? given.filter(isVerified) : given',
    replace: 'given',
    test: 'src/drivers/delivery/carry.test.ts',
  },
  {
    row: 15,
    what: 'a server that is away is told instead of one whose certificate is wrong',
    file: 'src/drivers/delivery/carry.ts',
    find: 'tried.find(one => one.sent.unsafe) ?? last',
    replace: 'last',
    test: 'src/drivers/delivery/carry.test.ts',
  },
  {
    row: 15,
    what: 'a policy that cannot be fetched again is given up',
    file: `${POLICIES}.ts`,
    find: 'return fetched ?? known?.policy',
    replace: 'return fetched',
    test: `${POLICIES}.test.ts`,
  },
  {
    row: 15,
    what: 'a policy goes with its record',
    file: `${POLICIES}.ts`,
    find: 'if (version === undefined || version === known?.version) {',
    replace: 'if (version === undefined) return undefined\n    if (version === known?.version) {',
    test: `${POLICIES}.test.ts`,
  },
  {
    row: 15,
    what: 'policies are not kept on disk',
    file: 'src/app/delivery.ts',
    find: "ledgerRecords<KeptPolicy>(stores.ledger.records, 'mta-sts')",
    replace: 'ledgerRecords<KeptPolicy>(stores.ledger.records, `mta-sts ${world.now()}`)',
    test: TABLE,
  },
  {
    row: 15,
    what: 'a redirect or an error page is a policy',
    file: 'src/drivers/delivery/mta-sts/policy-fetch.ts',
    find: 'if (status !== 200)',
    replace: 'if (status < 200)',
    test: 'src/drivers/delivery/mta-sts/policy-fetch.test.ts',
  },
]
