import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { generate } from 'selfsigned'
import { placeInWords } from '../config/complaint.ts'
import { certificateFiles, inWords } from './certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-certificates-'))
after(() => rmSync(folder, { recursive: true }))
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const pem = await generate([{ name: 'commonName', value: 'mail.isp.example' }])
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = put('key.pem', pem.private)
const chain = put('chain.pem', pem.cert)
const another = put('another.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
const encrypted = put(
  'encrypted.pem',
  privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString(),
)

const said = (...pairs: readonly { key: string; chain: string }[]) =>
  [...certificateFiles({ certificate: pairs[0], certificates: pairs.slice(1) })].map(
    ({ path, problem }) => `${placeInWords(path)}: ${problem.replaceAll(`${folder}/`, '')}`,
  )

test('a key and its own certificate can be used', () => {
  assert.deepEqual(said({ key, chain }, { key, chain }), [])
})

test('what is missing, encrypted, of another certificate or no PEM is told for each pair, all at once', () => {
  const nowhere = join(folder, 'nowhere.pem')
  assert.deepEqual(
    said(
      { key: nowhere, chain: folder },
      { key: encrypted, chain },
      { key: another, chain },
      { key: chain, chain: key },
    ),
    [
      'certificate.key: nowhere.pem does not exist',
      `certificate.chain: ${folder} is a folder; a file is wanted there`,
      'certificates #1.key: encrypted.pem is encrypted with a passphrase',
      'certificates #2: another.pem and chain.pem cannot be used together (the key is that of another certificate)',
      'certificates #3.key: chain.pem is no private key in PEM',
      'certificates #3.chain: key.pem is no certificate in PEM',
    ],
  )
})

test('what OpenSSL does not take is told in words', () => {
  const cut = put('cut.pem', `${pem.cert}\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERT`)
  const told = said({ key, chain: cut })
  assert.deepEqual(told, [
    'certificate: key.pem and cut.pem cannot be used together (a certificate below the first is damaged)',
  ])
  assert.equal(
    inWords(new Error('error:0A00018F:SSL routines::ee key too small')),
    'the key is too short: make one with 2048 bits of RSA, or of P-256',
  )
})
