// Whatever bytes stand in a message or a name: no question leaves with a name that is not legal, no other name is asked than the one that
// was meant, an attacker who holds a key of a domain of their own never signs for the bank, and where we say that a signature
// passes, dkimpy says so, too.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'
import { messageAuthenticator } from '../../src/drivers/authentication/message-authenticator.ts'
import { dnsResolver } from '../../src/drivers/lookups/dns-resolver.ts'
import { isQueryName, queryName } from '../../src/drivers/lookups/query-name.ts'
import { spfChecker } from '../../src/drivers/lookups/spf.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { keyRecord } from '../support/domain-key.ts'
import { rawArcSet, rawSignature, type Tags } from '../support/raw-signature.ts'
import { run } from '../support/serve.ts'
import { type SmallDns, smallDns } from '../support/small-dns.ts'
import { nodeResolver } from '../../src/drivers/lookups/node-resolver.ts'

/** Without it so many runs, however long they take: on a busy machine too few would be left. */
const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 0) / 2
const RUNS = 300
const SEED = fuzzSeed()
const bounded =
  SECONDS === 0
    ? { numRuns: RUNS, seed: SEED }
    : {
        numRuns: 10_000_000,
        interruptAfterTimeLimit: SECONDS * 1000,
        markInterruptAsFailure: false,
        seed: SEED,
      }
const SPF = 'v=spf1 exists:%{l}.%{d} a:%{h}.attack.example mx ?all'
const key = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const record = keyRecord(key)

/** The attacker has a key at every name of their own. */
function texts(name: string): string | undefined {
  if (name === '_dmarc.bank.example' || name === '_dmarc.attack.example')
    return 'v=DMARC1; p=reject'
  if (!name.endsWith('attack.example')) return undefined
  return name.includes('_domainkey') ? record : SPF
}

let dns: SmallDns
before(async () => {
  dns = await smallDns(texts)
})
after(() => dns.stop())

const PIECES = ['bank', 'attack', 'example', 's', '_domainkey', '_dmarc', 'xn--bcher-kva']
const ODD = [
  '\0',
  '\\000',
  '\\.',
  '\\',
  '..',
  ' ',
  '%00',
  '@',
  ':',
  ',',
  '"',
  '(',
  '[',
  '*',
  '\x7f',
  '\x01',
  '\xff',
  'a'.repeat(64),
  'b.'.repeat(130),
  ...['。', '．', 'ｂ', 'ü', 'K', '\u200b', '\u00ad'].map(one =>
    Buffer.from(one).toString('latin1'),
  ),
]
const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 6 }) },
)
/** Full of tricks, or one trick in a plain one. */
const name = fc.oneof(
  fc.constantFrom('bank.example', 'attack.example', 'www.attack.example'),
  fc.array(word, { maxLength: 6 }).map(words => words.join('.')),
  fc.tuple(word, fc.constantFrom(...ODD)).map(([one, odd]) => `${one}.attack.example${odd}`),
  fc
    .tuple(fc.constantFrom(...ODD), word)
    .map(([odd, one]) => `s._domainkey.attack.example.${odd}.${one}`),
)
/** What would end a tag or a field is no part of a name. */
const inTag = name.map(text => text.replaceAll(/[;\r\n]/g, ''))

test('names on their own', async () => {
  const resolver = dnsResolver(nodeResolver([dns.server]), () => 0)
  let refused = 0
  let went = 0
  const property = fc.asyncProperty(name, async text => {
    const from = dns.asked.length
    const answers = await Promise.all([
      resolver.mx(text),
      resolver.addresses(text),
      resolver.texts(text),
      resolver.listed(text),
    ])
    const legal = queryName(text)
    const asked = dns.asked.slice(from).map(labels => labels.join('.'))
    if (legal === undefined) refused++
    else went++
    // One that was asked before is answered from memory.
    assert.deepEqual([...new Set(asked)], asked.length === 0 ? [] : [legal?.toLowerCase()])
    const bad = answers.every(answer => 'failed' in answer && answer.failed === 'bad-name')
    assert.equal(bad, legal === undefined, JSON.stringify(text))
  })
  await fc.assert(property, bounded)
  assert.ok(SECONDS > 0 || (refused > 20 && went > 20), `${refused} refused, ${went} asked`)
})

/** One trick among what is right, more often than many. */
const orOdd = (...right: string[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: inTag })
const signature = fc.record({
  d: orOdd('attack.example', 'www.attack.example', 'bank.example'),
  s: orOdd('s', 'S-1', 's.t'),
  i: fc.option(orOdd('attack.example', 'bank.example'), { nil: undefined, freq: 2 }),
  domain: orOdd('bank.example', 'attack.example'),
  kind: fc.constantFrom('dkim', 'arc', 'both'),
})
type SignedName = typeof signature extends fc.Arbitrary<infer T> ? T : never

function written({ d, s, i, domain, kind }: SignedName): string {
  const rest = { a: 'rsa-sha256', c: 'relaxed/relaxed', d, s, h: 'from:subject' }
  const plain = `From: x@${domain}\r\nSubject: hi\r\n\r\nhello\r\n`
  const tags: Tags = { v: '1', ...rest, ...(i === undefined ? {} : { i: `x@${i}` }) }
  const signed = kind === 'arc' ? plain : rawSignature(plain, { tags, key })
  if (kind === 'dkim') return signed
  return rawArcSet(signed, {
    tags: { i: '1', ...rest },
    seal: { i: '1', a: 'rsa-sha256', cv: 'none', d, s },
    key,
    results: 'bank.example; dmarc=pass',
  })
}

const legal = (labels: readonly string[]) =>
  labels.length === 0 || (isQueryName(labels.join('.')) && labels.every(isQueryName))

async function authenticated(message: string, sender: string, helo: string) {
  const checker = messageAuthenticator({
    ourName: 'mail.isp.example',
    dns: nodeResolver([dns.server]),
  })
  const from = { address: '198.51.100.9', helo, sender, authors: [] }
  const answer = await checker.check(from, chunk(message))
  assert.equal(answer.unchecked, undefined)
  return answer
}
async function* chunk(message: string) {
  yield Buffer.from(message, 'latin1')
}

test('names in signatures, seals, senders and greetings', async () => {
  const asking = nodeResolver([dns.server])
  let passed = 0
  const property = fc.asyncProperty(signature, name, name, async (made, helo, domain) => {
    const from = dns.asked.length
    const found = await authenticated(written(made), `x@${domain}`, helo)
    await spfChecker(
      asking,
      () => 0,
    )({ address: '198.51.100.9', sender: '', helo }).catch(() => undefined)
    for (const labels of dns.asked.slice(from)) {
      assert.ok(legal(labels), JSON.stringify(labels))
      assert.notEqual(labels.length, 0, 'nobody asks the root')
    }
    const isBank = (one: string) => /(?:^|\.)bank\.example$/i.test(one)
    for (const { result, domain } of found.dkim) {
      if (result !== 'pass') continue
      passed++
      assert.ok(isQueryName(domain) && !isBank(domain), domain)
    }
    if (isBank(found.dmarc.domain)) assert.notEqual(found.dmarc.result, 'pass')
    if (found.arc.result === 'pass') assert.ok(!isBank(found.arc.sealer ?? ''))
  })
  await fc.assert(property, bounded)
  assert.ok(SECONDS > 0 || passed > 20, `only ${passed} signatures passed`)
})

test('dkimpy is of one mind with us', async () => {
  const zone: Record<string, string> = {}
  const messages = fc
    .sample(signature, { numRuns: 300, seed: fuzzSeed(1) })
    .map(made => written({ ...made, kind: 'dkim' }))
  const ours: boolean[] = []
  for (const message of messages) {
    const { dkim } = await authenticated(message, '', 'mx.attack.example')
    ours.push(dkim[0]?.result === 'pass')
  }
  for (const labels of dns.asked) {
    const known = texts(labels.join('.').toLowerCase())
    if (known !== undefined) zone[labels.join('.').toLowerCase()] = known
  }
  const lines = [
    JSON.stringify(zone),
    ...messages.map(one => Buffer.from(one, 'latin1').toString('base64')),
  ]
  const script = new URL('../support/dkim-verdicts.py', import.meta.url).pathname
  const done = await run('/usr/bin/python3', [script], `${lines.join('\n')}\n`)
  assert.equal(done.code, 0, done.output)
  const theirs = done.output.trim().split('\n')
  assert.equal(theirs.length, messages.length, done.output)
  // It does not know internationalized names (RFC 8616), and we take no underscores there (RFC 6376 §3.5), but it does.
  const comparable = messages.map(one => !/^[^\r]*(?:[\x80-\xff]|[dsi]=[^;]*_)/.test(one))
  const apart = messages.filter((_, at) => comparable[at] && ours[at] !== (theirs[at] === 'yes'))
  assert.deepEqual(apart, [], `${ours.filter(Boolean).length} pass for us`)
  assert.ok(ours.filter(Boolean).length > 20)
})
