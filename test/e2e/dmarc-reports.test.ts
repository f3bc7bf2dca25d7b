// Reports of DMARC: what the real program counts of mail from outside, signed by dkimpy and sealed by others, as the owners of its domains
// read it with Python and libxml2.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { authenticate } from 'mailauth'
import { dkimKeysOf } from '../../src/drivers/identity/dkim-keys.ts'
import { dkimRecord } from '../../src/mail/dkim-record.ts'
import { dkimSign } from '../../src/mail/dkim-sign.ts'
import { type DomainKey, domainKey, inZone } from '../support/domain-key.ts'
import { dmarcReportsIn, type ReadDmarcReport, readDmarcReports } from '../support/dmarc-reports.ts'
import { cordon, type Served, serve, startServer } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'
import { localDns, type LocalDns } from '../support/unbound.ts'

let folder: string
let dns: LocalDns
let served: Served
let strict: DomainKey
let list: DomainKey

const RUA = (name: string) => `rua=mailto:dmarc@${name}`
const DMARC: Readonly<Record<string, string>> = {
  'strict.example': `v=DMARC1; p=reject; sp=none; adkim=s; ${RUA('strict.example')}`,
  'lenient.example': `v=DMARC1; p=quarantine; ${RUA('lenient.example')}`,
  'tested.example': `v=DMARC1; p=quarantine; t=y; ${RUA('tested.example')}`,
  'quiet.example': 'v=DMARC1; p=reject',
  'open.example': `v=DMARC1; p=none; ${RUA('open.example')}`,
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-dmarc-'))
  strict = domainKey('strict.example', folder)
  list = domainKey('lists.example', folder)
  dns = await localDns([
    inZone('mail._domainkey.strict.example', strict.record),
    inZone('mail._domainkey.lists.example', list.record),
    'strict.example. TXT "v=spf1 ip4:198.51.100.7 -all"',
    'open.example. TXT "v=spf1 ip4:198.51.100.8 ~all"',
    ...Object.entries(DMARC).map(([name, text]) => inZone(`_dmarc.${name}`, text)),
  ])
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
resolvers: ["${dns.server}"]
listeners: [{ kind: inbound, port: 0, trustedXclient: [127.0.0.1] }]
rules: { dmarc: enforce }
strangers: { trustedSealers: [lists.example] }
`)
})

after(async () => {
  await served.stop()
  dns.stop()
  rmSync(folder, { recursive: true })
})

const letter = (from: string, subject = 'greeting') =>
  `From: ${from}\nTo: sink@isp.example\nSubject: ${subject}\n\nhello\n`

async function send(message: string, address: string, sender: string, port = served.ports[0]) {
  return (await strangerSends(port ?? 0, message, { address, sender })).slice(0, 3)
}

const ELSEWHERE = '198.51.100.99'
const forged = letter('ann@strict.example')

async function reportMails(): Promise<readonly Buffer[]> {
  const texts = async (name: string) => ({ value: [DMARC[name.replace('_dmarc.', '')] ?? ''] })
  return dmarcReportsIn(join(served.folder, 'data/ledger.db'), { texts })
}

/** What stands in each record, but for what is the same in all of them. */
const rows = (report: ReadDmarcReport | undefined) =>
  new Set(
    report?.records.map(one =>
      [
        one.ip,
        one.count,
        [one.disposition, ...one.reasons].join(' '),
        `dkim=${one.dkim} spf=${one.spf}`,
        one.signatures.map(each => each.join(' ')).join(),
        one.sent.join(' '),
      ].join('; '),
    ),
  )

test('each domain that asks for it hears what came in its name and what became of it, when that is turned on', async () => {
  assert.equal(await send(forged, ELSEWHERE, 'x@open.example'), '550')
  const file = join(served.folder, 'cordon.yaml')
  const on = 'strangers: { dmarcReports: true, '
  writeFileSync(file, readFileSync(file, 'utf8').replace('strangers: { ', on))
  assert.equal((await cordon(served.folder, 'reload')).code, 0)

  const signed = await strict.sign(forged)
  const changed = signed.replace('hello', 'hello\n-- \nlist')
  const results = 'Authentication-Results: lists.example; dmarc=pass header.from=strict.example\n'
  for (const [message, address, sender, reply] of [
    [forged, ELSEWHERE, 'x@open.example', '550'],
    [forged, ELSEWHERE, 'x@open.example', '550'],
    [signed, ELSEWHERE, 'bounce@else.example', '250'],
    [forged, '198.51.100.7', 'ann@strict.example', '250'],
    [await list.seal(results + changed), ELSEWHERE, 'bounce@else.example', '250'],
    [letter('x@sub.strict.example'), ELSEWHERE, '', '250'],
    [letter('x@lenient.example'), ELSEWHERE, 'x@lenient.example', '250'],
    [letter('x@tested.example'), ELSEWHERE, 'x@tested.example', '250'],
    [letter('x@quiet.example'), ELSEWHERE, 'x@quiet.example', '550'],
    [letter('x@open.example'), '198.51.100.8', 'x@open.example', '250'],
    [letter('x@open.example, ann@strict.example'), '198.51.100.8', 'x@open.example', '550'],
  ] as const)
    assert.equal(await send(message, address, sender), reply, `${address} ${sender}\n${message}`)

  // What was counted is there after a restart, and goes on.
  await served.end()
  const { server, said } = await startServer(file)
  const port = Number(/^inbound on \S+ port (\d+)$/m.exec(said)?.[1])
  assert.equal(await send(forged, ELSEWHERE, 'x@open.example', port), '550')
  server.kill('SIGTERM')
  await new Promise(resolve => server.once('exit', resolve))

  const mails = await reportMails()
  const found = new Map(readDmarcReports(mails).map(one => [one.domain, one]))
  assert.deepEqual([...found.keys()].toSorted(), [
    'lenient.example',
    'open.example',
    'strict.example',
    'tested.example',
  ])
  assert.deepEqual(found.get('strict.example')?.policy, {
    domain: 'strict.example',
    discovery_method: 'treewalk',
    p: 'reject',
    sp: 'none',
    adkim: 's',
    aspf: 'r',
    testing: 'n',
  })
  assert.deepEqual(
    rows(found.get('strict.example')),
    new Set([
      '198.51.100.7; 1; pass; dkim=fail spf=pass; ; strict.example pass',
      '198.51.100.8; 1; reject; dkim=fail spf=fail; ; open.example pass',
      `${ELSEWHERE}; 1; none; dkim=fail spf=fail; ; mx.meadow.example none`,
      `${ELSEWHERE}; 1; none trusted_forwarder; dkim=fail spf=fail; strict.example mail fail; else.example none`,
      `${ELSEWHERE}; 1; pass; dkim=pass spf=fail; strict.example mail pass; else.example none`,
      `${ELSEWHERE}; 3; reject; dkim=fail spf=fail; ; open.example softfail`,
    ]),
  )
  const froms = found.get('strict.example')?.records.map(one => one.from)
  assert.deepEqual(new Set(froms), new Set(['strict.example', 'sub.strict.example']))
  for (const [name, row] of [
    ['open', '198.51.100.8; 1; none; dkim=fail spf=pass; ; open.example pass'],
    ['lenient', `${ELSEWHERE}; 1; none local_policy; dkim=fail spf=fail; ; lenient.example none`],
    ['tested', `${ELSEWHERE}; 1; none policy_test_mode; dkim=fail spf=fail; ; tested.example none`],
  ] as const)
    assert.deepEqual(rows(found.get(`${name}.example`)), new Set([row]))
  assert.equal(found.get('tested.example')?.policy['testing'], 'y')
})

test('a report passes DMARC itself', async () => {
  const [mail] = await reportMails()
  const keys = dkimKeysOf(join(served.folder, 'data'))
  const signed = await dkimSign(mail ?? Buffer.alloc(0), () =>
    keys.map(key => ({ domain: 'isp.example', ...key })),
  )
  const zone: Readonly<Record<string, string>> = {
    '_dmarc.isp.example': 'v=DMARC1; p=reject; adkim=s; rua=mailto:d@isp.example',
    ...Object.fromEntries(
      keys.map(key => [`${key.selector}._domainkey.isp.example`, dkimRecord(key.privateKey)]),
    ),
  }
  const { dmarc, dkim } = await authenticate(signed, {
    ip: '192.0.2.1',
    helo: 'mail.isp.example',
    sender: 'postmaster@isp.example',
    strict: true,
    disableBimi: true,
    resolver: async (name: string, type: string) => {
      const text = type === 'TXT' ? zone[name] : undefined
      if (text === undefined) throw Object.assign(new Error(name), { code: 'ENOTFOUND' })
      return [[text]]
    },
  })
  assert.deepEqual(
    dkim.results?.map(one => [one.status.result, one.algo]),
    [
      ['pass', 'rsa-sha256'],
      ['pass', 'ed25519-sha256'],
    ],
  )
  assert.equal(dmarc && dmarc.status.result, 'pass')
})
