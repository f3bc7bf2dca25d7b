// Mail programs are asked for by name: the zone as `cordon client-setup show` prints it, read by Debian’s unbound, and the door itself for every host.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SETTINGS, setupOf } from '../../test/support/client-setup.ts'
import { localDns } from '../../test/support/unbound.ts'
import { setupApp } from '../doors/http/client-setup/setup-app.ts'
import { nodeResolver } from '../drivers/lookups/node-resolver.ts'
import { setupRecords, zoneLine } from '../mail/client-setup/dns-records.ts'
import { checkClientSetup } from './client-setup-check.ts'

const signer = { signs: () => false, sign: () => Promise.resolve(undefined) }

/** Every host leads to the door. */
function doorOf(settings = SETTINGS) {
  const app = setupApp({ settings, language: 'en', signer })
  return async (url: string, body?: string) => {
    const { host } = new URL(url)
    const sent = body === undefined ? {} : { method: 'POST', body }
    const answer = await app.request(url, { ...sent, headers: { host } })
    return { status: answer.status, text: await answer.text() }
  }
}

const POSTMASTER = setupOf('postmaster@isp.example')
const RECORDS = setupRecords(POSTMASTER).map(zoneLine)

test('a domain whose zone has the printed lines, and whose hosts lead here, is found to be right in every way', async t => {
  const dns = await localDns(RECORDS)
  t.after(() => dns.stop())
  const { resolve } = nodeResolver([dns.server])
  const findings = await checkClientSetup(POSTMASTER, { resolve, fetch: doorOf() })
  const wrong = findings.filter(({ found }) => found !== 'right')
  assert.deepEqual(wrong, [])
  const ways = new Set(findings.map(({ mechanism }) => mechanism))
  assert.deepEqual([...ways], ['SRV', 'TXT', 'Mozilla', 'Outlook', 'user agent'])
  assert.equal(findings.length, 8 + 3 + 2 + 1)
})

test('what is missing, of old settings, or does not answer is said for each place', async t => {
  const others = RECORDS.filter(line => !/ua-auto-config|_imaps/.test(line))
  const dns = await localDns([
    ...others.filter(line => !line.startsWith('_submissions')),
    '_submissions._tcp.isp.example. 3600 IN SRV 0 1 25 old.isp.example.',
  ])
  t.after(() => dns.stop())
  const [imap] = SETTINGS.reading
  const old = doorOf({ ...SETTINGS, reading: imap ? [{ ...imap, host: 'old.isp.example' }] : [] })
  const { resolve } = nodeResolver([dns.server])
  const findings = await checkClientSetup(POSTMASTER, {
    resolve,
    fetch: (url, body) => {
      if (url.startsWith('https://isp.example/.well-known/mail')) throw new Error('no route')
      if (url.startsWith('https://isp.example/'))
        return Promise.resolve({ status: 404, text: 'gone' })
      return old(url, body)
    },
  })
  const of = (place: string) => {
    const finding = findings.find(one => one.place === place)
    return finding && `${finding.found}: ${finding.words}`
  }
  assert.equal(of('_imaps._tcp.isp.example'), 'missing: instead of 0 1 993 imap.isp.example.')
  assert.equal(
    of('_submissions._tcp.isp.example'),
    'other: 0 1 25 old.isp.example., instead of 0 1 465 mail.isp.example.',
  )
  assert.match(of('_ua-auto-config.isp.example') ?? '', /^missing: instead of v=UAAC1; /)
  assert.match(of('https://autoconfig.isp.example/mail/config-v1.1.xml') ?? '', /^other: /)
  assert.equal(
    of('https://isp.example/.well-known/autoconfig/mail/config-v1.1.xml'),
    'missing: status 404',
  )
  assert.equal(of('https://isp.example/.well-known/mail-v1.xml'), 'unknown: no answer: no route')
})
