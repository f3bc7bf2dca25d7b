import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { auditCertificates, type Pem } from '../../../../test/support/audit-certificates.ts'
import { fetchPolicy } from './policy-fetch.ts'

const POLICY = 'version: STSv1\nmode: enforce\nmx: mail.far.example\nmax_age: 604800\n'
let pki: Awaited<ReturnType<typeof auditCertificates>>

before(async () => {
  pki = await auditCertificates(['mta-sts.far.example'])
})

type ServedPage = { readonly status?: number; readonly type?: string; readonly text?: string }

/** What comes of it where this is served with this certificate. */
async function fetched(
  { status = 200, type = 'text/plain', text = POLICY }: ServedPage,
  certificate: Pem,
) {
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (asked, answer) => {
    const found =
      asked.url === '/.well-known/mta-sts.txt' && asked.headers.host === 'mta-sts.far.example'
    answer.writeHead(found ? status : 404, { 'Content-Type': type, Location: '/' }).end(text)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const addresses = async () => ({ value: ['127.0.0.1'] })
  const parts = { resolver: { addresses }, authorities: [pki.authority], port }
  const answer = await fetchPolicy('far.example', parts, AbortSignal.timeout(10_000))
  server.close()
  return 'policy' in answer ? answer.policy.mode : answer.wrong
}

test('a policy is taken from a host with a good certificate of its name, as text, and without a redirect', async () => {
  assert.equal(await fetched({}, pki.trusted), 'enforce')
  assert.equal(await fetched({ type: 'text/plain; charset=utf-8' }, pki.trusted), 'enforce')
  assert.match(await fetched({}, pki.own), /self-signed/)
  assert.match(await fetched({}, pki.expired), /expired/)
  assert.match(await fetched({}, pki.other), /altnames/)
  assert.match(await fetched({ status: 301 }, pki.trusted), /answers 301/)
  assert.match(await fetched({ type: 'text/html' }, pki.trusted), /serves text\/html/)
  assert.match(await fetched({ text: 'version: STSv1' }, pki.trusted), /no mode/)
  assert.match(await fetched({ text: POLICY.padEnd(70_000) }, pki.trusted), /more than 65536 bytes/)
})

test('a host without an address, or that the DNS does not answer for, has no policy', async () => {
  const signal = AbortSignal.timeout(10_000)
  const none = async () => ({ value: [] })
  const silent = async () => ({ failed: 'timeout' as const })
  for (const addresses of [none, silent])
    assert.ok('wrong' in (await fetchPolicy('far.example', { resolver: { addresses } }, signal)))
})
