import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { DAY } from '../../model/duration.ts'
import { findingsOf } from './all-checks.ts'
import type { AuditRecord, OpenPort } from './record.ts'

const AT = Date.UTC(2026, 0, 1)
const HOST = 'mail.isp.example'
const RSA_2048 = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'der' })
  .toString('base64')
const CERTIFICATE = {
  chain: [],
  names: `DNS:${HOST}`,
  isNamed: true,
  from: AT - DAY,
  until: AT + 30 * DAY,
}
const TLS = { value: { protocol: 'TLSv1.3', certificate: CERTIFICATE } }
const OPEN: OpenPort = {
  kind: 'open',
  address: '192.0.2.1',
  greeting: '220 hello',
  clear: { value: ['STARTTLS', '8BITMIME'] },
  starttls: 'listed',
  tls: TLS,
  inTls: { value: ['AUTH PLAIN', '8BITMIME'] },
  old: { value: undefined },
  relay: { kind: 'closed' },
}
const { clear: _, starttls: __, ...IMPLICIT } = OPEN
const INBOUND: OpenPort = { ...OPEN, inTls: { value: ['8BITMIME'] } }

const GOOD: AuditRecord = {
  host: 'isp.example',
  domain: 'isp.example',
  isDomain: true,
  outgoing: HOST,
  inbound: HOST,
  exchangers: { value: [HOST] },
  at: AT,
  ports: { 25: INBOUND, 465: IMPLICIT, 587: OPEN },
  elsewhere: [],
  unreached: [],
  reverse: { value: [{ address: '192.0.2.1', names: [HOST], confirmed: [HOST] }] },
  spf: {
    value: {
      records: ['v=spf1 mx -all'],
      breadth: 1,
      results: [{ address: '192.0.2.1', result: 'pass' }],
    },
  },
  dkim: {
    value: {
      keys: [{ selector: 's1', record: `v=DKIM1; k=ed25519; p=${'A'.repeat(43)}=` }],
      missing: [],
      hasAny: { value: true },
    },
  },
  dmarc: { value: { records: ['v=DMARC1; p=reject'], from: 'isp.example' } },
  sts: {
    value: {
      records: ['v=STSv1; id=1'],
      policy: {
        value: {
          status: 200,
          type: 'text/plain',
          text: `version: STSv1\nmode: enforce\nmx: ${HOST}\nmax_age: 604800\n`,
        },
      },
    },
  },
  tlsa: { value: { records: [], secure: true } },
  setup: {
    value: {
      services: [{ service: 'submissions', host: HOST, port: 465 }],
      autoconfig: { value: undefined },
    },
  },
}

const ports = (over: Partial<AuditRecord['ports']>): Partial<AuditRecord> => ({
  ports: { ...GOOD.ports, ...over },
})
const showing = (over: object): Partial<AuditRecord> => {
  const tls = { value: { protocol: 'TLSv1.3', certificate: { ...CERTIFICATE, ...over } } }
  return ports({ 465: { ...IMPLICIT, tls } })
}
const dkim = (record: string): Partial<AuditRecord> => ({
  dkim: { value: { keys: [{ selector: 's1', record }], missing: [], hasAny: { value: true } } },
})
const spf = (record: string, over: object = {}): Partial<AuditRecord> => ({
  spf: { value: { records: [record], breadth: 1, results: [], ...over } },
})
const dmarc = (...records: readonly string[]): Partial<AuditRecord> => ({
  dmarc: { value: { records, from: 'isp.example' } },
})

const CASES: readonly (readonly [
  check: string,
  over: Partial<AuditRecord>,
  state: string,
  said: RegExp,
])[] = [
  ['submission', ports({ 587: { kind: 'closed' } }), 'note', /no server listens on 587/],
  ['submission', ports({ 587: { kind: 'closed' }, 465: { kind: 'closed' } }), 'wrong', /no server/],
  ['submission', ports({ 587: { ...OPEN, starttls: 'refused' } }), 'wrong', /listed and not taken/],
  ['submissions', ports({ 465: { ...IMPLICIT, inTls: { value: [] } } }), 'wrong', /no AUTH on 465/],
  [
    'auth-before-tls',
    ports({ 587: { ...OPEN, clear: { value: ['AUTH=LOGIN'] } } }),
    'wrong',
    /LOGIN/,
  ],
  ['inbound', ports({ 25: { kind: 'closed' } }), 'wrong', /is an MX of isp\.example/],
  [
    'relay',
    ports({ 25: { ...INBOUND, relay: { kind: 'open', words: 'x' } } }),
    'wrong',
    /strangers: x/,
  ],
  [
    'submissions',
    ports({ 465: { ...IMPLICIT, inTls: { value: ['AUTH'] } } }),
    'wrong',
    /no mechanism/,
  ],
  ['relay', { relayForbidden: 'it needs a token' }, 'not-asked', /token/],
  [
    'tls-versions',
    ports({ 465: { ...IMPLICIT, old: { value: 'TLSv1' } } }),
    'wrong',
    /TLSv1 is taken/,
  ],
  ['starttls', ports({ 25: { ...INBOUND, starttls: 'stripped' } }), 'wrong', /removed on the way/],
  ['starttls', ports({ 25: { ...INBOUND, greeting: '220 ********' } }), 'wrong', /overwritten/],
  ['certificate', showing({ isNamed: false, names: '' }), 'wrong', /but of no name/],
  ['certificate', showing({ until: AT }), 'wrong', /ended on 2026-01-01/],
  ['certificate', showing({ from: AT + DAY }), 'wrong', /begins on 2026-01-02/],
  ['certificate', showing({ until: AT + DAY }), 'note', /ends on 2026-01-02/],
  ['certificate', showing({ until: -4e15 }), 'wrong', /has dates that there are not/],
  ['certificate', showing({ distrusted: 'SELF_SIGNED' }), 'wrong', /SELF_SIGNED/],
  ['reverse-name', { reverse: { value: [] } }, 'wrong', /has no address/],
  [
    'reverse-name',
    { reverse: { value: [{ address: '192.0.2.1', names: ['a.example'], confirmed: [] }] } },
    'wrong',
    /does not lead back/,
  ],
  ['spf', spf('v=spf1 +all', { breadth: 2 ** 32 }), 'wrong', /4294967296 IPv4 addresses/],
  ['spf', spf('v=spf1 mx'), 'note', /does not end/],
  ['spf', spf('v=spf1 mx -all', { records: ['v=spf1 a', 'v=spf1 b'] }), 'wrong', /2 SPF records/],
  [
    'spf',
    spf('v=spf1 mx -all', { results: [{ address: '192.0.2.1', result: 'permerror' }] }),
    'wrong',
    /error/,
  ],
  [
    'spf',
    spf('v=spf1 mx -all', { results: [{ address: '192.0.2.1', result: 'fail' }] }),
    'note',
    /"fail"/,
  ],
  ['spf', spf('v=spf1 ip6:::/0 -all'), 'wrong', /ip6:::\/0 lets anyone/],
  ['spf', spf('v=spf1 ptr -all'), 'wrong', /ptr lets anyone/],
  ['spf', spf('v=spf1 ip6:2001:db8::/32 -ip6:::/0 -all'), 'good', /db8/],
  ['dkim', dkim('v=DKIM1; p='), 'wrong', /revoked/],
  ['dkim', dkim('k=ed25519; p=notakey'), 'wrong', /cannot be read/],
  ['dkim', dkim(`v=DKIM2; p=${RSA_2048}`), 'wrong', /does not begin/],
  ['dkim', dkim(`p=${RSA_2048}; v=DKIM1`), 'wrong', /does not begin/],
  ['dkim', dkim(`k=dsa; p=${RSA_2048}`), 'wrong', /k=dsa/],
  ['dkim', dkim(`h=sha1; p=${RSA_2048}`), 'wrong', /sha256/],
  ['dkim', dkim(`s=tlsrpt; p=${RSA_2048}`), 'wrong', /not for mail/],
  ['dkim', dkim('v=DKIM1; p=AAAA'), 'wrong', /cannot be read/],
  ['dkim', dkim(`v=DKIM1; t=y; p=${RSA_2048}`), 'note', /test/],
  [
    'dkim',
    { dkim: { value: { keys: [], missing: [], hasAny: { value: true } } } },
    'not-asked',
    /does not list/,
  ],
  [
    'dkim',
    { dkim: { value: { keys: [], missing: [], hasAny: { value: false } } } },
    'wrong',
    /not signed/,
  ],
  [
    'dkim',
    { dkim: { value: { keys: [], missing: ['x'], hasAny: { value: true } } } },
    'wrong',
    /x\._domainkey/,
  ],
  ['dmarc', dmarc(), 'wrong', /no DMARC/],
  ['dmarc', dmarc('v=DMARC1; p=none'), 'note', /only watches/],
  ['dmarc', dmarc('v=DMARC1; p=reject; pct=0'), 'note', /for 0 % of mail/],
  ['dmarc', dmarc('v=DMARC1; p=reject; t=y'), 'note', /test/],
  ['dmarc', dmarc('v=DMARC1; p=reject', 'v=DMARC1; p=none'), 'wrong', /2 DMARC records/],
  [
    'dmarc',
    { dmarc: { value: { records: ['v=DMARC1; p=reject; sp=none'], from: 'example' } } },
    'note',
    /only watches/,
  ],
  ['mta-sts', { sts: { value: { records: [] } } }, 'wrong', /may be read on the way/],
  [
    'mta-sts',
    { sts: { value: { records: ['v=STSv1; id=1'], policy: { broken: 'ECONNREFUSED' } } } },
    'wrong',
    /no policy/,
  ],
  ['dane', { tlsa: { needs: 'a resolver' } }, 'not-asked', /a resolver/],
  [
    'dane',
    {
      tlsa: {
        value: {
          records: [{ usage: 3, selector: 1, matching: 1, data: 'ab'.repeat(32) }],
          secure: false,
        },
      },
    },
    'wrong',
    /not signed/,
  ],
  [
    'dane',
    {
      tlsa: {
        value: {
          records: [{ usage: 1, selector: 1, matching: 1, data: 'ab'.repeat(32) }],
          secure: true,
        },
      },
    },
    'wrong',
    /that SMTP uses/,
  ],
  [
    'dane',
    {
      tlsa: {
        value: {
          records: [{ usage: 3, selector: 1, matching: 1, data: 'ab'.repeat(32) }],
          secure: true,
        },
      },
    },
    'wrong',
    /matches/,
  ],
  [
    'client-setup',
    { setup: { value: { services: [], autoconfig: { value: [{ host: HOST, port: 25 }] } } } },
    'wrong',
    /port 25/,
  ],
  [
    'client-setup',
    { setup: { value: { services: [], autoconfig: { value: [{ host: HOST, port: 465 }] } } } },
    'good',
    /autoconfig mail/,
  ],
  [
    'client-setup',
    {
      setup: {
        value: {
          services: [{ service: 'submission', host: 'mail server', port: 587 }],
          autoconfig: { value: undefined },
        },
      },
    },
    'wrong',
    /leads to mail server/,
  ],
  [
    'client-setup',
    { setup: { value: { services: [], autoconfig: { broken: 'status 500' } } } },
    'note',
    /status 500/,
  ],
]

test('of a good host every check says that it is good, or could be better', () => {
  const states = Object.fromEntries(findingsOf(GOOD).map(({ check, state }) => [check, state]))
  assert.deepEqual([...new Set(Object.values(states))].toSorted(), ['good', 'note'])
  assert.equal(Object.keys(states).length, 15)
  assert.deepEqual(
    Object.keys(states).filter(check => states[check] === 'note'),
    ['dane'],
  )
})

test('each check finds what is wrong in what was seen, and says how it is mended', () => {
  for (const [check, over, state, said] of CASES) {
    const found = findingsOf({ ...GOOD, ...over }).find(one => one.check === check)
    assert.equal(found?.state, state, `${check}: ${found?.said} ${said}`)
    assert.match(found?.said ?? '', said)
    if (state === 'wrong' || state === 'note') assert.ok(found?.mend, check)
  }
})

const relayOf = (over: Partial<AuditRecord>) =>
  findingsOf({ ...GOOD, ...over }).find(one => one.check === 'relay')

test('a server is closed for strangers where each of its ports and addresses was asked', () => {
  assert.equal(relayOf({})?.state, 'good')
  const { relay: _, inTls: ___, ...untested } = INBOUND
  const broken = { ...untested, tls: { broken: 'no cipher' } }
  assert.equal(relayOf(ports({ 25: broken }))?.state, 'unknown')
  assert.equal(
    relayOf(ports({ 25: { kind: 'unknown', words: 'no connection' } }))?.state,
    'unknown',
  )
  assert.equal(relayOf(ports({ 25: { kind: 'closed' } }))?.state, 'unknown')
  assert.equal(
    relayOf({ ...ports({ 25: { kind: 'closed' } }), exchangers: { value: [] } })?.state,
    'good',
  )
  assert.equal(relayOf({ unreached: ['2001:db8::1'] })?.state, 'not-asked')
  const auth = findingsOf({ ...GOOD, ...ports({ 25: broken }) }).find(
    one => one.check === 'inbound',
  )
  assert.equal(auth?.state, 'unknown')
})

test('of an address and an exchanger beside the first what is wrong is said, and where', () => {
  const open = { ...INBOUND, relay: { kind: 'open', words: 'RCPT' } } as const
  for (const elsewhere of [
    { place: '2001:db8::1', ports: { ...GOOD.ports, 25: open } },
    { place: 'mx2.isp.example', inbound: 'mx2.isp.example', ports: { ...GOOD.ports, 25: open } },
  ]) {
    const found = relayOf({ elsewhere: [elsewhere] })
    assert.equal(found?.state, 'wrong')
    assert.ok(found?.said.startsWith(`${elsewhere.place}: `), found?.said)
  }
  const forbidden = { place: 'mx.else.example', ports: GOOD.ports, relayForbidden: 'no token' }
  assert.equal(relayOf({ elsewhere: [forbidden] })?.state, 'not-asked')
  const all = findingsOf({ ...GOOD, elsewhere: [{ place: '192.0.2.2', ports: GOOD.ports }] })
  assert.deepEqual(all, findingsOf(GOOD))
})

test('what had no answer is not known in every column that leans on it, and never good', () => {
  const none = { unknown: 'no answer' } as const
  const silent = { kind: 'unknown', words: 'no answer' } as const
  const cut: Partial<OpenPort> = { clear: none, tls: none, inTls: none, old: none, relay: silent }
  const ALL: readonly Partial<AuditRecord>[] = [
    ports({ 25: silent, 465: silent, 587: silent }),
    ports({
      25: { ...INBOUND, ...cut },
      465: { ...IMPLICIT, tls: none },
      587: { ...OPEN, ...cut },
    }),
    ports({
      25: { kind: 'refuses', address: '192.0.2.1', words: '554 no' },
      465: silent,
      587: { kind: 'refuses', address: '192.0.2.1', words: '554 no' },
    }),
  ]
  const dns = { reverse: none, spf: none, dkim: none, dmarc: none, sts: none, setup: none }
  const tlsa = none
  for (const over of ALL)
    for (const one of findingsOf({ ...GOOD, ...over, ...dns, tlsa }))
      assert.equal(one.state, 'unknown', `${one.check}: ${one.said}`)
  // Each part alone, too.
  for (const [part, check] of [
    ['reverse', 'reverse-name'],
    ['spf', 'spf'],
    ['dkim', 'dkim'],
    ['dmarc', 'dmarc'],
    ['sts', 'mta-sts'],
    ['tlsa', 'dane'],
    ['setup', 'client-setup'],
    ['exchangers', 'mta-sts'],
  ] as const) {
    const found = findingsOf({ ...GOOD, [part]: none }).find(one => one.check === check)
    assert.equal(found?.state, 'unknown', part)
  }
})

test('a name that is not there gets no list of mends', () => {
  const nowhere: AuditRecord = {
    ...GOOD,
    exchangers: { value: [] },
    reverse: { value: [] },
    setup: { value: { services: [], autoconfig: { value: undefined } } },
  }
  const found = findingsOf(nowhere)
  assert.ok(found.length > 10)
  for (const { state, said, mend } of found)
    assert.deepEqual(
      [state, said, mend],
      ['unknown', 'isp.example has neither an address nor a mail exchanger in the DNS', undefined],
    )
})
