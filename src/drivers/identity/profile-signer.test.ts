import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { profileSigner } from './profile-signer.ts'

const KINDS = { RSA: 'rsa:2048', 'P-256': 'ec' } as const

/** A certificate of an authority of its own, with the authority behind it. */
function certified(t: TestContext, kind: (typeof KINDS)[keyof typeof KINDS] = 'ec') {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-signer-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const openssl = (line: string) => {
    const made = spawnSync('openssl', line.split(' '), { cwd: folder, encoding: 'utf8' })
    assert.equal(made.status, 0, made.stderr)
    return made.stdout
  }
  const key = kind === 'ec' ? 'ec -pkeyopt ec_paramgen_curve:P-256' : kind
  openssl(
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=authority -keyout ca.key -out ca.pem',
  )
  openssl(`req -newkey ${key} -nodes -subj /CN=mail.isp.example -keyout key.pem -out request.pem`)
  const leaf = openssl('x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2')
  const chain = join(folder, 'chain.pem')
  writeFileSync(chain, leaf + openssl('x509 -in ca.pem'))
  return { folder, openssl, files: { key: join(folder, 'key.pem'), chain } }
}

for (const [name, kind] of Object.entries(KINDS))
  test(`openssl finds a profile that was signed with ${name} to be ours, and whole`, async t => {
    const { folder, openssl, files } = certified(t, kind)
    const signed = await profileSigner(() => files).sign('<plist>Söhne\n</plist>\n')
    assert.ok(signed)
    const verify = 'smime -verify -inform DER -in signed.der -CAfile ca.pem -purpose any -binary'
    writeFileSync(join(folder, 'signed.der'), signed)
    assert.equal(openssl(verify), '<plist>Söhne\n</plist>\n')
    const spoilt = Buffer.from(signed)
    spoilt[spoilt.indexOf('plist')] = 0x51
    writeFileSync(join(folder, 'spoilt.der'), spoilt)
    const found = spawnSync('openssl', verify.replace('signed', 'spoilt').split(' '), {
      cwd: folder,
    })
    assert.notEqual(found.status, 0)
  })

test('without a certificate nothing is signed, and a file that is gone is said', async t => {
  const { files } = certified(t)
  let now: typeof files | undefined
  const signer = profileSigner(() => now)
  assert.equal(signer.signs(), false)
  now = { ...files, key: '/nowhere/key.pem' }
  assert.equal(signer.signs(), true)
  await assert.rejects(signer.sign('x'), /openssl could not sign a profile: .*\/nowhere\/key\.pem/s)
  now = files
  assert.ok(await signer.sign('x'), 'what failed keeps no place')
})

test('of many at once some are signed, the others told to come again, and afterwards all is as before', async t => {
  const { files } = certified(t)
  const signer = profileSigner(() => files)
  const all = await Promise.all(Array.from({ length: 40 }, () => signer.sign('x')))
  const signed = all.filter(one => one !== undefined).length
  assert.equal(signed, 22)
  assert.ok(await signer.sign('x'))
})
