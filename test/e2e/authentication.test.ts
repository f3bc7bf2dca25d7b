// DKIM, DMARC and ARC of mail from outside, with signatures by dkimpy and a real DNS: what is refused, what is accepted, and
// what the reader is told in the header. What a sender claims in our name is taken out.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type DomainKey, domainKey, inZone } from '../support/domain-key.ts'
import { maildir } from '../support/peer.ts'
import { rawArcSet, rawSeal, rawSignature, type Tags } from '../support/raw-signature.ts'
import { eventually, type Served, serve } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'
import { localDns, type LocalDns } from '../support/unbound.ts'

let folder: string
let dns: LocalDns
let served: Served
let strict: DomainKey
let list: DomainKey
let other: DomainKey
let attack: DomainKey

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-dkim-'))
  strict = domainKey('strict.example', folder)
  list = domainKey('lists.example', folder)
  other = domainKey('other.example', folder)
  attack = domainKey('attack.example', folder)
  dns = await localDns([
    inZone('mail._domainkey.strict.example', strict.record),
    inZone('mail._domainkey.lists.example', list.record),
    inZone('mail._domainkey.other.example', other.record),
    inZone('mail._domainkey.attack.example', attack.record),
    'strict.example. TXT "v=spf1 ip4:198.51.100.7 -all"',
    '_dmarc.strict.example. TXT "v=DMARC1; p=reject"',
    '_dmarc.lenient.example. TXT "v=DMARC1; p=quarantine"',
    'lenient.example. TXT "v=spf1 -all"',
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

const ELSEWHERE = { address: '198.51.100.99' }
const letter = (from: string, subject: string, more = '') =>
  `From: ${from}\nTo: sink@isp.example\nSubject: ${subject}\n${more}\nhello\n`

const send = (message: string, from = ELSEWHERE, sender = 'ann@strict.example') =>
  strangerSends(served.ports[0] ?? 0, message, { ...from, sender })

function arrived(subject: string): Promise<string> {
  const boxes = join(served.folder, 'data/mailboxes')
  return eventually(() =>
    readdirSync(boxes)
      .flatMap(box => maildir(join(boxes, box)))
      .find(mail => mail.includes(`Subject: ${subject}`)),
  )
}

test('a domain’s wish to have forged mail refused is honoured', async () => {
  const forged = letter('ann@strict.example', 'forged')
  assert.match(await send(forged), /^550 5\.7\.26 \[dmarc\]/)
  assert.match(
    await send(letter('x@lenient.example', 'lenient'), ELSEWHERE, 'x@lenient.example'),
    /^250/,
  )
  assert.match(
    await send(letter('x@silent.example', 'silent'), ELSEWHERE, 'x@silent.example'),
    /^250/,
  )
  assert.match(await send(forged.replace('forged', 'by SPF'), { address: '198.51.100.7' }), /^250/)
})

test('a signature has it accepted from anywhere; a broken one does not', async () => {
  const signed = await strict.sign(letter('ann@strict.example', 'signed'))
  assert.match(await send(signed), /^250/)
  assert.match(await send(signed.replace('hello', 'hallo')), /^550 5\.7\.26/)
  const mail = await arrived('signed')
  assert.match(
    mail,
    /^Authentication-Results: mail\.isp\.example;\r?\n dkim=pass [\s\S]*dmarc=pass/m,
  )
  // RFC 8601 §5: above the line that says where it came from.
  assert.ok(mail.indexOf('Authentication-Results:') < mail.indexOf('Received: from'))
})

test('two From fields are no way round it; two authors in one are lawful', async () => {
  const two = `From: joe@silent.example\n${letter('ann@strict.example', 'two')}`
  assert.match(await send(two), /^550 5\.7\.26 \[dmarc\]/)
  const both = letter('joe@silent.example, jim@copper.example', 'both')
  assert.match(await send(both), /^250/)
  const second = letter('ann@strict.example, joe@silent.example', 'second')
  assert.match(await send(second), /^550 5\.7\.26 \[dmarc\]/)
})

test('DMARC does not pass by an author whom a reader may not see', async () => {
  const signed = await strict.sign(letter('ann@strict.example The Bank', 'unclear'))
  assert.match(await send(signed), /^250/)
  const unclear = await arrived('unclear')
  assert.match(unclear, /^ dkim=pass /m)
  assert.doesNotMatch(unclear, /dmarc=pass/)
  const mailbox = await strict.sign(letter('ann@strict.example', 'behind a mailbox line'))
  assert.match(await send(`From ann Thu Jan  1 00:00:00 2026\n${mailbox}`), /^250/)
  const mail = await arrived('behind a mailbox line')
  assert.match(mail, /^ dkim=pass [\s\S]*^ dmarc=pass [\s\S]*^X-Mailbox-Line: From ann Thu/m)
})

test('what a sender says in our name is taken out, and its signature over that still holds', async () => {
  const claimed = 'Authentication-Results: mail.isp.example; dmarc=pass header.from=bank.example'
  const theirs = 'Authentication-Results: other.example; spf=pass'
  // A signature covers the last field of a name.
  const message = letter('ann@strict.example', 'claimed', `${claimed}\n`)
  const signed = await strict.sign(`${theirs}\n${message}`)
  assert.match(await send(signed), /^250/)
  const mail = await arrived('claimed')
  assert.ok(!mail.includes('bank.example'), mail)
  assert.ok(mail.includes(theirs))
  assert.equal(mail.match(/^Authentication-Results: mail\.isp\.example;/gm)?.length, 1)
})

test('a trusted list may change what it passes on; nobody else may', async () => {
  const signed = await strict.sign(letter('ann@strict.example', 'to the list'))
  const changed = signed.replace('hello', 'hello\n-- \nYou are on this list')
  const passedOn = (list: DomainKey, name: string, found: string) =>
    list.seal(`Authentication-Results: ${name}; ${found} header.from=strict.example\n${changed}`)
  assert.match(await send(changed), /^550 5\.7\.26/)
  assert.match(await send(await passedOn(list, 'lists.example', 'dmarc=pass')), /^250/)
  assert.match(await send(await passedOn(list, 'lists.example', 'dmarc=fail')), /^550 5\.7\.26/)
  assert.match(await send(await passedOn(other, 'other.example', 'dmarc=pass')), /^550 5\.7\.26/)
  const broken = (await passedOn(list, 'lists.example', 'dmarc=pass')).replace('You are', 'You')
  assert.match(await send(broken), /^550 5\.7\.26/)
})

/** c-ares ends a name at the NUL, and so asks the attacker's domain for the key of another. */
const ELSEWHERE_KEY = 'mail._domainkey.attack.example.\0.any'
const tags = (d: string, s: string, more: Tags = {}): Tags => ({
  ...more,
  a: 'rsa-sha256',
  c: 'relaxed/relaxed',
  d,
  s,
  h: 'from:subject',
})
const seal = (d: string, s: string): Tags => ({ i: '1', a: 'rsa-sha256', cv: 'none', d, s })
const lines = (message: string) => message.replaceAll('\n', '\r\n')

test('a NUL in the selector does not make anybody’s signature of an attacker’s', async () => {
  const forge = (from: string, subject: string) =>
    rawSignature(lines(letter(from, subject)), {
      tags: tags(from.replace(/.*@/, ''), ELSEWHERE_KEY, { v: '1' }),
      key: attack.pem,
    })
  const outside = 'x@attack.example'
  const forged = forge('ann@strict.example', 'a NUL')
  assert.match(await send(forged, ELSEWHERE, outside), /^550 5\.7\.26 \[dmarc\]/)
  assert.match(await send(forge('x@lenient.example', 'a NUL, too'), ELSEWHERE, outside), /^250/)
  const mail = await arrived('a NUL, too')
  assert.match(mail, /^ dkim=permerror /m)
  assert.match(mail, /^ dmarc=fail /m)
  assert.doesNotMatch(mail, /^ (?:dkim|dmarc)=pass/m)
})

test('nor does it make a trusted list’s seal, nor does its signature with another’s seal', async () => {
  const plain = lines(letter('ann@strict.example', 'sealed'))
  const results = 'lists.example; dmarc=pass header.from=strict.example'
  const list1 = { tags: tags('lists.example', 'mail', { i: '1' }), key: list.pem }
  const honest = rawArcSet(plain, { ...list1, seal: seal('lists.example', 'mail'), results })
  assert.match(await send(honest), /^250/)
  const forged = rawArcSet(plain, {
    tags: tags('lists.example', ELSEWHERE_KEY, { i: '1' }),
    seal: seal('lists.example', ELSEWHERE_KEY),
    key: attack.pem,
    results,
  })
  assert.match(await send(forged), /^550 5\.7\.26 \[dmarc\]/)
  // The list signed a message that it had found forged; whoever got it writes other results, and seals them.
  const theirs = rawSignature(plain, { ...list1, name: 'ARC-Message-Signature' })
  const resealed = rawSeal(theirs, {
    seal: seal('attack.example', 'mail'),
    key: attack.pem,
    results,
  })
  assert.match(await send(resealed), /^550 5\.7\.26 \[dmarc\]/)
})

test('what was added behind a signature that covers the beginning (l=) does not pass', async () => {
  const plain = lines(letter('ann@strict.example', 'added'))
  const signed = rawSignature(plain, {
    tags: tags('strict.example', 'mail', { v: '1', l: '7' }),
    key: strict.pem,
  })
  assert.match(await send(signed), /^250/)
  assert.match(await send(`${signed}buy this\r\n`), /^550 5\.7\.26 \[dmarc\]/)
})
