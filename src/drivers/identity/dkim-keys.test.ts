import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { dkimRecord } from '../../mail/dkim-record.ts'
import { DAY } from '../../model/duration.ts'
import type { DnsAnswer } from '../../ports/resolver.ts'
import { dkimKeysIn, dkimKeysOf, openDkimKeys } from './dkim-keys.ts'
import { lookAtDkim } from './dkim-published.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-dkim-keys-'))
const keysFolder = join(folder, 'keys')
const file = join(keysFolder, 'dkim-keys.json')
mkdirSync(keysFolder)
after(() => rmSync(folder, { recursive: true }))
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const first = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
writeFileSync(join(keysFolder, 'dkim.pem'), first)

const store = await openDkimKeys(file, first)
const AT = Date.UTC(2026, 10, 29)

/** TXT records by selector; `silent`: the DNS does not answer. */
const zone = new Map<string, string>()
const elsewhere = new Map<string, string>()
const dns = { silent: false }
const resolver = {
  texts: async (name: string): Promise<DnsAnswer<readonly string[]>> => {
    const [, selector = '', which] = /^([^.]+)\._domainkey\.(isp|new)\.example$/.exec(name) ?? []
    const text = (which === 'isp' ? zone : elsewhere).get(selector)
    return dns.silent ? { failed: 'timeout' } : { value: text === undefined ? [] : [text] }
  },
}
const look = (at: number, domain = 'isp.example') => lookAtDkim(store, { resolver, domain }, at)
const publish = (selector: string, into = zone) => {
  const key = store.all().find(one => one.selector === selector)
  into.set(selector, dkimRecord(key?.privateKey ?? ''))
}
const signing = (domain = 'isp.example') => store.signing(domain).map(one => one.selector)
const reopened = async () => (await openDkimKeys(file, first)).all()

test('the first RSA key signs at once, an Ed25519 key when the DNS has it, and not by the record of another', async () => {
  assert.deepEqual(signing(), ['cordon'])
  zone.set('cordon-ed25519', dkimRecord(first))
  await look(AT)
  assert.deepEqual(signing(), ['cordon'])
  publish('cordon-ed25519')
  dns.silent = true
  await look(AT)
  assert.deepEqual(signing(), ['cordon'])
  dns.silent = false
  await look(AT)
  assert.deepEqual(signing(), ['cordon', 'cordon-ed25519'])
  assert.deepEqual(await reopened(), store.all())
  assert.deepEqual(dkimKeysOf(folder), store.all())
  assert.equal(statSync(file).mode & 0o777, 0o600)
})

test('a rotation that cannot be written changes nothing', async () => {
  const before = store.all()
  rmSync(keysFolder, { recursive: true })
  await assert.rejects(store.rotate(AT), /ENOENT/)
  assert.deepEqual(store.all(), before)
  mkdirSync(keysFolder)
})

test('a new key signs in the place of the old one of its kind when the DNS has it; the old one is kept until its record is gone', async () => {
  publish('cordon')
  const next = ['cordon-20261129-rsa', 'cordon-20261129-ed25519']
  assert.deepEqual(await store.rotate(AT), { made: next, givenUp: [] })
  assert.deepEqual(signing(), ['cordon', 'cordon-ed25519'])
  publish('cordon-20261129-ed25519')
  await look(AT)
  assert.deepEqual(signing(), ['cordon', 'cordon-20261129-ed25519'])
  publish('cordon-20261129-rsa')
  await look(AT + DAY)
  assert.deepEqual(signing(), next)
  assert.equal(store.all().length, 4)
  zone.delete('cordon')
  await look(AT + 14 * DAY)
  assert.equal(store.all().length, 4, 'mail under way is still verified')
  await look(AT + 15 * DAY)
  assert.deepEqual(
    store.all().map(one => one.selector),
    ['cordon-ed25519', ...next],
  )
  zone.delete('cordon-ed25519')
  dns.silent = true
  await look(AT + 40 * DAY)
  assert.equal(store.all().length, 3)
  dns.silent = false
  await look(AT + 40 * DAY)
  assert.deepEqual(await reopened(), store.all())
  assert.deepEqual(signing(), next)
  // A key that signs is not taken for an old one when its record is gone.
  zone.clear()
  await look(AT + 90 * DAY)
  assert.deepEqual(signing(), next)
})

test('twice in a day, and the names are others', async () => {
  const { made } = await store.rotate(AT)
  assert.deepEqual(made, ['cordon-20261129-rsa-2', 'cordon-20261129-ed25519-2'])
})

test('keys that sign nothing yet are given up: a copy of them may be what was lost', async () => {
  const before = signing()
  const waiting = ['cordon-20261129-rsa-2', 'cordon-20261129-ed25519-2']
  // They come to the zone when they are gone here.
  for (const selector of waiting) publish(selector)
  const { made, givenUp } = await store.rotate(AT)
  assert.deepEqual(givenUp, waiting)
  assert.deepEqual(made, ['cordon-20261129-rsa-3', 'cordon-20261129-ed25519-3'])
  await look(AT)
  assert.deepEqual(signing(), before)
  assert.deepEqual(await reopened(), store.all())
})

test('for another domain a key signs when its own zone has the record, and the one that it follows does not come back', async () => {
  const NEW = 'new.example'
  const before = signing()
  const [rsa = '', ed25519 = ''] = before
  await look(AT, NEW)
  assert.deepEqual(signing(NEW), [])
  assert.deepEqual(signing(), before)
  publish(ed25519, elsewhere)
  await look(AT, NEW)
  assert.deepEqual(signing(NEW), [ed25519])
  assert.deepEqual(await reopened(), store.all())
  // A newer one is there before it.
  publish('cordon-20261129-rsa-3', elsewhere)
  await look(AT, NEW)
  publish(rsa, elsewhere)
  await look(AT, NEW)
  assert.deepEqual(signing(NEW), ['cordon-20261129-rsa-3', ed25519])
})

test('the list is lost: the first key signs when the DNS still has its record, and an older Cordon starts on what is written', async () => {
  const lost = join(folder, 'lost.json')
  const anew = await openDkimKeys(lost, first, { lost: true })
  const state = async () => {
    await lookAtDkim(anew, { resolver, domain: 'isp.example' }, AT)
    return anew.signing('isp.example').map(one => one.selector)
  }
  zone.clear()
  assert.deepEqual(await state(), [])
  assert.deepEqual(
    dkimKeysIn(lost, first).map(one => [one.selector, one.signs]),
    [
      ['cordon', 0],
      ['cordon-ed25519', undefined],
    ],
  )
  zone.set('cordon', dkimRecord(first))
  assert.deepEqual(await state(), ['cordon'])
})

test('a file that is not what a list of keys is signs nothing', () => {
  const other = join(folder, 'other.json')
  const [one, ...more] = store.all().filter(key => key.ended === undefined)
  for (const wrong of [
    'null',
    '{"version":2}',
    '[]',
    JSON.stringify([null, one, ...more]),
    JSON.stringify([{ ...one, selector: 'a; x=\r\nBcc: x' }, ...more]),
    JSON.stringify([{ ...one, privateKey: undefined }, ...more]),
    JSON.stringify([{ ...one, signs: null }, ...more]),
    JSON.stringify([{ ...one, domain: 7 }, ...more]),
    JSON.stringify([{ ...one, kind: 'ml-dsa' }, ...more]),
    JSON.stringify([one, { ...one, selector: 'two' }, ...more]),
  ]) {
    writeFileSync(other, wrong)
    assert.throws(() => dkimKeysIn(other, first), Error, wrong)
  }
})
