// Signatures with names that no domain has, over a DNS that notes what is really asked: none of them is worth anything.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  askingSmallDns,
  bank,
  key,
  letter,
  tags,
  TRICK,
  utf8,
} from '../../../test/support/forged-letters.ts'
import { rawArcSet, rawSeal, rawSignature, type Tags } from '../../../test/support/raw-signature.ts'

const check = askingSmallDns()

test('a signature passes with the names it was made with, whole, and only then', async () => {
  const good = await check(rawSignature(letter(), { tags: tags('bank.example', 's'), key: bank }))
  assert.deepEqual(good.dkim, [{ result: 'pass', domain: 'bank.example' }])
  assert.deepEqual(good.dmarc, { result: 'pass', domain: 'bank.example', policy: 'reject' })
  assert.match(good.header, /^Authentication-Results: mail\.isp\.example;\r\n dkim=pass /)
  const idn = tags(utf8('bücher.example'), 's')
  const words = await check(rawSignature(letter(utf8('x@bücher.example')), { tags: idn, key }))
  assert.equal(words.dkim[0]?.result, 'pass')
  assert.deepEqual(words.dmarc, {
    result: 'pass',
    domain: 'xn--bcher-kva.example',
    policy: 'reject',
  })
})

test('the record of a domain is found by the tree walk, between its author and what the public suffix list calls its organisation', async () => {
  const { dmarc } = await check(letter('x@a.b.mid.walk.example'))
  assert.deepEqual(dmarc, { result: 'fail', domain: 'a.b.mid.walk.example', policy: 'reject' })
})

const NAMES: readonly (readonly [string, string, Tags?])[] = [
  ['bank.example', `${TRICK}.\0.any`],
  ['bank.example', `${TRICK}\0`],
  ['bank.example', `${TRICK}\\000`],
  ['bank.example', `${TRICK}\\.`],
  ['bank.example', `${TRICK}\x01`],
  ['bank.example', `${TRICK}%00`],
  ['bank.example', utf8(`${TRICK}\u3002\0`)],
  ['bank.example', `${TRICK} `.repeat(2)],
  ['bank.example', `${TRICK}..`],
  ['bank.example', `${'s.'.repeat(120)}s`],
  ['attack.example\0.bank.example', 's'],
  ['bank.example\0', 's'],
  ['bank.example.', 's'],
  ['.bank.example', 's'],
  ['[192.0.2.1]', 's'],
  [utf8('ｂank.example'), 's'],
  [utf8('ban\u212a.example'), 's'],
  ['bank.example', 's', { i: 'x@bank.example\0.attack.example' }],
  ['bank.example', 's', { i: 'x@attack.example\0.bank.example' }],
]

test('names that are not legal make no signature, and are not asked for', async () => {
  for (const [d, s, more] of NAMES) {
    for (const signer of [key, bank]) {
      const found = await check(rawSignature(letter(), { tags: tags(d, s, more), key: signer }))
      const which = JSON.stringify([d, s, more])
      assert.equal(found.dkim[0]?.result, 'permerror', which)
      assert.equal(found.dmarc.result, 'fail', which)
      assert.match(found.header, /^ dkim=permerror/m, which)
      assert.doesNotMatch(found.header, /^ (?:dkim|dmarc)=pass/m, which)
    }
  }
})

test('nor an ARC chain, in its signature or in its seal', async () => {
  const ams = (d: string, s: string): Tags => {
    const { v: _none, ...rest } = tags(d, s)
    return { i: '1', ...rest }
  }
  const seal = (d: string, s: string): Tags => ({ i: '1', a: 'rsa-sha256', cv: 'none', d, s })
  const results = 'bank.example; dmarc=pass header.from=bank.example'
  const arc = async (one: Tags, two: Tags, signer = key) =>
    (await check(rawArcSet(letter(), { tags: one, seal: two, key: signer, results }))).arc
  const honest = await arc(ams('bank.example', 's'), seal('bank.example', 's'), bank)
  assert.deepEqual(honest, { result: 'pass', sealer: 'bank.example', dmarcBefore: 'pass' })
  for (const [d, s, more] of NAMES) {
    if (more) continue
    assert.equal((await arc(ams(d, s), seal(d, s))).result, 'fail', JSON.stringify([d, s]))
    const mixed = [ams('attack.example', 's'), seal(d, s)] as const
    assert.equal((await arc(...mixed)).result, 'fail', JSON.stringify([d, s]))
    const other = [ams(d, s), seal('attack.example', 's')] as const
    assert.equal((await arc(...other)).result, 'fail', JSON.stringify([d, s]))
  }
})

test('who seals results of its own beside the signature of another is not that other', async () => {
  const { v: _none, ...rest } = tags('bank.example', 's')
  const name = 'ARC-Message-Signature'
  const theirs = rawSignature(letter(), { tags: { i: '1', ...rest }, key: bank, name })
  const seal = { i: '1', a: 'rsa-sha256', cv: 'none', d: 'attack.example', s: 's' }
  const forged = rawSeal(theirs, { seal, key, results: 'bank.example; dmarc=pass' })
  const { arc } = await check(forged)
  assert.equal(arc.sealer, undefined)
})

test('a signature that leaves some of the body open says nothing for the author', async () => {
  const open = tags('bank.example', 's', { l: '7' })
  const signed = rawSignature(letter(), { tags: open, key: bank })
  assert.equal((await check(signed)).dmarc.result, 'pass')
  const longer = await check(`${signed}and more\r\n`)
  assert.equal(longer.dkim[0]?.result, 'policy')
  assert.equal(longer.dmarc.result, 'fail')
  assert.match(longer.header, /^ dmarc=fail/m)
  const whole = tags('bank.example', 's')
  const both = rawSignature(`${signed}and more\r\n`, { tags: whole, key: bank })
  assert.equal((await check(both)).dmarc.result, 'pass')
  const byAddress = rawSignature(letter('x@attack.example'), { tags: open, key: bank })
  assert.equal((await check(`${byAddress}and more\r\n`, 'x@attack.example')).dmarc.result, 'pass')
})

test('what RFC 6376 says a verifier must not take', async () => {
  const wrong: readonly Tags[] = [
    { v: '2' },
    { v: '1.0' },
    { q: 'dns/other' },
    { h: 'subject' },
    { h: '' },
    { i: 'x@attack.example' },
    { i: 'x@evilbank.example' },
    { a: 'rsa-sha1' },
    { x: '1' },
    { t: '20', x: '10' },
    { c: 'relaxed/relaxed/relaxed' },
    { c: 'relaxed/relaxed/' },
    { h: 'from:subject:' },
    { h: 'from::subject' },
    { D: 'attack.example', d: 'bank.example; d=attack.example' },
  ]
  for (const more of wrong) {
    const made = rawSignature(letter(), { tags: tags('bank.example', 's', more), key: bank })
    const found = await check(made)
    assert.notEqual(found.dkim[0]?.result, 'pass', JSON.stringify(more))
    assert.equal(found.dmarc.result, 'fail', JSON.stringify(more))
  }
})

test('nor one without a version, or with a tag twice or malformed', async () => {
  const { v: _version, ...versionless } = tags('bank.example', 's')
  for (const wrong of [
    versionless,
    tags('bank.example', 's', { i: '=bank.example' }),
    tags('bank.example', 's', { t: 'now' }),
    tags('bank.example', 's', { z: 'x; d=bank.example' }),
    tags('bank.example', 's', { c: 'plain/plain' }),
  ]) {
    const found = await check(rawSignature(letter(), { tags: wrong, key: bank }))
    assert.notEqual(found.dkim[0]?.result, 'pass', JSON.stringify(wrong))
    assert.equal(found.dmarc.result, 'fail', JSON.stringify(wrong))
  }
})

test('another body than the signed one is a failure', async () => {
  const made = rawSignature(letter(), { tags: tags('bank.example', 's'), key: bank })
  const found = await check(made.replace('hello', 'hallo'))
  assert.deepEqual(found.dkim, [{ result: 'fail', domain: 'bank.example' }])
  assert.match(found.header, /^ dkim=fail /m)
})

test('a chain with a tag twice or malformed is a failure', async () => {
  const { v: _none, ...rest } = tags('bank.example', 's')
  const ams: Tags = { i: '1', ...rest }
  const seal: Tags = { i: '1', a: 'rsa-sha256', cv: 'none', d: 'bank.example', s: 's' }
  const results = 'bank.example; dmarc=pass'
  const arc = async (one: Tags, two: Tags) =>
    (await check(rawArcSet(letter(), { tags: one, seal: two, key: bank, results }))).arc.result
  assert.equal(await arc(ams, seal), 'pass')
  for (const more of [
    { i: 'one' },
    { i: '1; i=1' },
    { s: 's; s=s' },
    { d: 'bank.example; d=bank.example' },
    { a: 'rsa-sha256; a=rsa-sha256' },
  ] as Tags[]) {
    assert.equal(await arc({ ...ams, ...more }, seal), 'fail', `signature ${JSON.stringify(more)}`)
    assert.equal(await arc(ams, { ...seal, ...more }), 'fail', `seal ${JSON.stringify(more)}`)
  }
  for (const more of [{ cv: 'pass' }, { cv: 'maybe' }, { cv: 'none; cv=none' }, { h: 'from' }])
    assert.equal(await arc(ams, { ...seal, ...more }), 'fail', `seal ${JSON.stringify(more)}`)
})

test('a domain in From that is not legal is no author’s, and the header says so', async () => {
  for (const from of ['x@bank.example\0.attack.example', 'x@bank..example', 'x@attack.example\0']) {
    const made = rawSignature(letter(from), { tags: tags('attack.example', 's'), key })
    const found = await check(made, 'x@attack.example')
    assert.equal(found.dmarc.result, 'permerror', JSON.stringify(from))
    assert.match(found.header, /^ dmarc=permerror/m, JSON.stringify(found.header))
  }
  assert.equal((await check(letter('x@[192.0.2.1]'))).dmarc.result, 'none')
})

test('an internationalized domain is called by its A-label', async () => {
  const made = rawSignature(letter(), { tags: tags(utf8('bücher.example'), 's'), key })
  assert.deepEqual((await check(made)).dkim, [{ result: 'pass', domain: 'xn--bcher-kva.example' }])
})

test('SPF with a name that is not legal is permerror', async () => {
  const { spf } = await check(letter(), 'x@macro.example')
  assert.equal(spf.result, 'permerror')
})

test('ten signatures are looked at, from the top; the others do not pass', async () => {
  const junk = Array.from(
    { length: 200 },
    (_, i) =>
      `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; h=from; bh=x; b=${i}\r\n`,
  )
  const good = tags('bank.example', 's')
  const first = rawSignature(`${junk.join('')}${letter()}`, { tags: good, key: bank })
  const top = await check(first)
  assert.equal(top.dkim.length, 10)
  assert.equal(top.dmarc.result, 'pass')
  assert.match(top.header, /^ dkim=policy reason="not looked at: 191 more/m)
  const signed = rawSignature(letter(), { tags: good, key: bank })
  const ninth = await check(`${junk.slice(0, 9).join('')}${signed}`)
  assert.equal(ninth.dmarc.result, 'pass')
  const below = await check(`${junk.slice(0, 10).join('')}${signed}`)
  assert.equal(below.dmarc.result, 'fail')
  assert.doesNotMatch(below.header, /=pass/)
  const hashes = [1, 2, 3, 4].map(
    l =>
      `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; h=from; bh=x; b=x; l=${l}\r\n`,
  )
  const fifth = await check(`${hashes.join('')}${signed}`)
  assert.equal(fifth.dmarc.result, 'fail')
  assert.match(fifth.header, /^ dkim=policy reason="not looked at: 1 more/m)
  assert.equal((await check(`${hashes.slice(1).join('')}${signed}`)).dmarc.result, 'pass')
})

test('a signature that says more body than there is, is malformed', async () => {
  const said = (l: string) =>
    check(rawSignature(letter(), { tags: tags('bank.example', 's', { l }), key: bank }))
  const found = await said('9999')
  assert.deepEqual([found.dkim[0]?.result, found.dmarc.result], ['permerror', 'fail'])
})

test('what cannot be read in bounded work has no signature that counts', async () => {
  const long = 'a'.repeat(1024 * 1024 + 1)
  const bodies = [`${long}\r\n`, `hello\r\n${long}`]
  for (const body of bodies) {
    const message = `From: x@bank.example\r\nSubject: hi\r\n\r\n${body}`
    for (const more of [{}, { l: '0' }, { l: '7' }]) {
      const found = await check(
        rawSignature(message, { tags: tags('bank.example', 's', more), key: bank }),
      )
      assert.equal(found.dkim[0]?.result, 'policy')
      assert.equal(found.dmarc.result, 'fail')
      assert.match(found.header, /^ dkim=policy reason="a line that is too long/m)
    }
  }
  const folded = `X: a\r\n${' b\r\n'.repeat(6000)}${letter()}`
  const found = await check(rawSignature(folded, { tags: tags('bank.example', 's'), key: bank }))
  assert.deepEqual([found.dkim[0]?.result, found.dmarc.result], ['policy', 'fail'])
  const whole = `${'a'.repeat(1024 * 1024 - 1)}\r\n`
  const message = `From: x@bank.example\r\nSubject: hi\r\n\r\n${whole}`
  const good = await check(rawSignature(message, { tags: tags('bank.example', 's'), key: bank }))
  assert.equal(good.dmarc.result, 'pass')
})

const arcOf = async ({ from = 'x@bank.example', results = '', more = {} } = {}) => {
  const { v: _none, ...rest } = tags('bank.example', 's')
  const seal = { i: '1', a: 'rsa-sha256', cv: 'none', d: 'bank.example', s: 's' }
  const set = { tags: { i: '1', ...rest, ...more }, seal, key: bank, results }
  return (await check(rawArcSet(letter(from), set))).arc
}

test('what a sealer found counts for the domain that it found it for', async () => {
  const found = async (from: string, results: string) =>
    (await arcOf({ from, results: `bank.example; ${results}` })).dmarcBefore
  assert.equal(await found('x@bank.example', 'dmarc=pass header.from=bank.example'), 'pass')
  assert.equal(await found('x@mail.bank.example', 'dmarc=pass header.from=Bank.Example.'), 'pass')
  assert.equal(await found('x@bank.example', 'dmarc=fail header.from=bank.example'), 'fail')
  for (const [from, results] of [
    ['x@bank.example', 'dmarc=pass header.from=other.example'],
    ['x@bank.example', 'dmarc=pass'],
    ['x@bank.example', 'dmarc=pass header.from=bank.example@other.example'],
    ['x@bank.example, y@attack.example', 'dmarc=pass header.from=bank.example'],
    ['x@attack.example', 'dmarc=pass header.from=bank.example'],
  ] as const)
    assert.equal(await found(from, results), undefined, `${from} ${results}`)
})

test('an ARC-Message-Signature with tags that it may not have is none', async () => {
  assert.equal((await arcOf()).result, 'pass')
  assert.equal((await arcOf({ more: { q: 'dns/txt' } })).result, 'pass')
  assert.equal((await arcOf({ more: { q: 'http:dns/txt' } })).result, 'pass')
  for (const more of [{ q: 'http/txt' }, { q: 'http' }, { v: '1' }, { v: '2' }])
    assert.equal((await arcOf({ more })).result, 'fail', JSON.stringify(more))
})
