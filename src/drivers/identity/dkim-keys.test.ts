import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { dkimRecord } from '../../mail/dkim-record.ts'
import { DAY } from '../../model/duration.ts'
import type { DnsAnswer } from '../../ports/resolver.ts'
import { dkimKeysOf, openDkimKeys } from './dkim-keys.ts'
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
const dns = { silent: false }
const resolver = {
  texts: async (name: string): Promise<DnsAnswer<readonly string[]>> => {
    const [, selector = ''] = /^([^.]+)\._domainkey\.isp\.example$/.exec(name) ?? []
    const text = zone.get(selector)
    return dns.silent ? { failed: 'timeout' } : { value: text === undefined ? [] : [text] }
  },
}
const look = (at: number) => lookAtDkim(store, { resolver, domain: 'isp.example' }, at)
const publish = (selector: string) => {
  const key = store.all().find(one => one.selector === selector)
  zone.set(selector, dkimRecord(key?.privateKey ?? ''))
}
const signing = () => store.signing('isp.example').map(one => one.selector)
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
  waiting.forEach(publish)
  const { made, givenUp } = await store.rotate(AT)
  assert.deepEqual(givenUp, waiting)
  assert.deepEqual(made, ['cordon-20261129-rsa-3', 'cordon-20261129-ed25519-3'])
  await look(AT)
  assert.deepEqual(signing(), before)
  assert.deepEqual(await reopened(), store.all())
})
