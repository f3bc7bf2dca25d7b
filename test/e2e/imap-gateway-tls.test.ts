// The IMAP gateway reaches a real Dovecot over TLS, from the first byte and after STARTTLS; where its certificate is not trusted it is not told a
// password.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { run, serve } from '../support/serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-imap-tls-'))
const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
let store: Dovecot
before(async () => {
  const made = await run('openssl', [
    ...'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost'.split(' '),
    '-addext',
    'subjectAltName=DNS:localhost',
    '-out',
    cert,
    '-keyout',
    key,
  ])
  assert.equal(made.code, 0, made.output)
  store = await dovecot({ tls: { cert, key } })
})
after(async () => {
  await store?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What curl says of the folders of anna, through a gateway with this back end that trusts this authority. */
async function folders(t: TestContext, backEnd: string, trusts: string | undefined) {
  const before = process.env['NODE_EXTRA_CA_CERTS']
  if (trusts === undefined) delete process.env['NODE_EXTRA_CA_CERTS']
  else process.env['NODE_EXTRA_CA_CERTS'] = trusts
  const served = await serve(
    `hostname: mail.isp.example\nimap: { listeners: [{ port: 0, tls: implicit }], backEnd: '${backEnd}' }\n`,
  ).finally(() => {
    if (before === undefined) delete process.env['NODE_EXTRA_CA_CERTS']
    else process.env['NODE_EXTRA_CA_CERTS'] = before
  })
  t.after(served.stop)
  const port = /^imaps on \S+ port (\d+)$/m.exec(served.said)?.[1]
  return run('curl', ['-sSk', '--user', 'anna@isp.example:secret', `imaps://127.0.0.1:${port}/`])
}

const places = (): readonly string[] => [
  `imaps://localhost:${store.imapsPort}`,
  `imap+starttls://localhost:${store.imapPort}`,
]

test('over TLS from the first byte, and after STARTTLS', async t => {
  for (const place of places()) {
    const { code, output } = await folders(t, place, cert)
    assert.equal(code, 0, output)
    assert.match(output, /INBOX/)
  }
})

test('a back end whose certificate is not trusted is not asked', async t => {
  for (const place of places()) assert.notEqual((await folders(t, place, undefined)).code, 0)
})
