// Every format: as it lies in test/golden/client-setup/ (CORDON_GOLDEN=write writes it anew, for a person to read), and as Python's parsers read it.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { asPythonReads, SETTINGS, setupOf } from '../../../test/support/client-setup.ts'
import {
  autodiscoverError,
  autodiscoverJson,
  autodiscoverXml,
  readAutodiscover,
} from './autodiscover.ts'
import { askedAddress, clientSetup, domainOfHost } from './client-setup.ts'
import { setupRecords, zoneLine } from './dns-records.ts'
import { mobileProfile } from './mobile-profile.ts'
import { mozillaConfig } from './mozilla.ts'
import { userAgentConfig, userAgentDigest } from './user-agent-config.ts'

const GOLDEN = join(import.meta.dirname, '../../../test/golden/client-setup')
const ANNA = setupOf()
const zone = (setup = ANNA) => `${setupRecords(setup).map(zoneLine).join('\n')}\n`

const RENDERINGS: Readonly<Record<string, () => string | undefined>> = {
  'config-v1.1.xml': () => mozillaConfig(ANNA),
  'autodiscover.xml': () => autodiscoverXml(ANNA),
  'autodiscover-601.xml': () => autodiscoverError(601),
  'autodiscover.json.txt': () => autodiscoverJson('isp.example', 'AutodiscoverV1'),
  'apple.mobileconfig': () => mobileProfile(ANNA),
  'user-agent-configuration.json.txt': () => userAgentConfig(SETTINGS),
  'isp.example.zone': () => zone(),
}

for (const [name, render] of Object.entries(RENDERINGS))
  test(`${name} is as it was read by a person`, () => {
    const file = join(GOLDEN, name)
    const text = render() ?? ''
    if (process.env['CORDON_GOLDEN'] === 'write') writeFileSync(file, text)
    assert.equal(text, readFileSync(file, 'utf8'))
  })

const HOSTILE = `"a&b<c>'d ]]> \u{1f600}"@isp.example`

test('Python reads in Mozilla’s file the reading servers and 465 before 587, with the login to be filled in', () => {
  const read = asPythonReads('mozilla', mozillaConfig(ANNA))
  const login = { authentication: 'password-cleartext', username: '%EMAILADDRESS%' }
  assert.deepEqual(read, {
    domain: 'isp.example',
    name: 'Example Net & Söhne',
    servers: [
      { type: 'imap', hostname: 'imap.isp.example', port: '993', socketType: 'SSL', ...login },
      { type: 'pop3', hostname: 'pop.isp.example', port: '995', socketType: 'SSL', ...login },
      { type: 'smtp', hostname: 'mail.isp.example', port: '465', socketType: 'SSL', ...login },
      { type: 'smtp', hostname: 'mail.isp.example', port: '587', socketType: 'STARTTLS', ...login },
    ],
    help: ['https://www.isp.example/help?a=1&b=2'],
  })
})

test('Outlook is told TLS from the first byte, by SSL and never by TLS, and one server to send with', () => {
  const xml = autodiscoverXml(ANNA) ?? ''
  const read = asPythonReads('pox', xml)
  assert.equal(
    read.schema,
    'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a',
  )
  const told = read.servers.map((one: Record<string, string>) =>
    [
      one['Type'],
      one['Server'],
      one['Port'],
      one['SSL'],
      one['Encryption'],
      one['LoginName'],
    ].join(),
  )
  assert.deepEqual(told, [
    'IMAP,imap.isp.example,993,on,SSL,anna@isp.example',
    'POP3,pop.isp.example,995,on,SSL,anna@isp.example',
    'SMTP,mail.isp.example,465,on,SSL,anna@isp.example',
  ])
  const startTls = SETTINGS.sending.filter(({ tls }) => tls === 'starttls')
  assert.equal(autodiscoverXml(setupOf(undefined, { sending: startTls })), undefined)
})

test('an address with everything that XML gives a meaning is read back as it was', () => {
  const asked = askedAddress(HOSTILE)
  assert.ok(asked)
  const setup = setupOf(asked.address)
  assert.equal(asPythonReads('pox', autodiscoverXml(setup) ?? '').DisplayName, asked.address)
  const profile = asPythonReads('profile', mobileProfile(setup) ?? '')
  assert.equal(profile.PayloadContent[0].EmailAddress, asked.address)
  const strange = setupOf('anna@isp.example', { provider: 'A\uffff\ud800<&>' })
  assert.equal(asPythonReads('mozilla', mozillaConfig(strange)).name, 'A\ufffd\ufffd<&>')
})

test('Apple’s profile reads and sends with the address, over TLS, without a password, and replaces itself', () => {
  const read = asPythonReads('profile', mobileProfile(ANNA) ?? '')
  const [account] = read.PayloadContent
  assert.equal(read.PayloadType, 'Configuration')
  assert.equal(account.PayloadType, 'com.apple.mail.managed')
  for (const which of ['Incoming', 'Outgoing']) {
    assert.equal(account[`${which}MailServerUseSSL`], true)
    assert.equal(account[`${which}MailServerUsername`], 'anna@isp.example')
    assert.equal(account[`${which}MailServerAuthentication`], 'EmailAuthPassword')
  }
  assert.deepEqual(
    [account.IncomingMailServerPortNumber, account.OutgoingMailServerPortNumber],
    [993, 465],
  )
  assert.equal(account.OutgoingPasswordSameAsIncomingPassword, true)
  assert.deepEqual(
    Object.keys(account).filter(key => key.endsWith('Password')),
    ['OutgoingPasswordSameAsIncomingPassword'],
  )
  assert.match(
    account.PayloadUUID,
    /^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-8[0-9A-F]{3}-[0-9A-F]{12}$/,
  )
  assert.notEqual(account.PayloadUUID, read.PayloadUUID)
  assert.equal(mobileProfile(ANNA), mobileProfile(setupOf()))
  const bert = asPythonReads('profile', mobileProfile(setupOf('bert@isp.example')) ?? '')
  assert.notEqual(bert.PayloadUUID, read.PayloadUUID)
})

test('the digest in the zone is that of the bytes of the JSON, which are the same for every domain', () => {
  const body = userAgentConfig(SETTINGS)
  assert.deepEqual(JSON.parse(body).protocols, {
    imap: { host: 'imap.isp.example' },
    pop3: { host: 'pop.isp.example' },
    smtp: { host: 'mail.isp.example' },
  })
  const digest = createHash('sha256').update(Buffer.from(body)).digest('base64')
  assert.ok(zone().includes(`TXT "v=UAAC1; a=sha256; d=${digest}"`))
  assert.equal(userAgentConfig(setupOf('a@town.isp.example')), body)
  assert.equal(userAgentDigest(body).length, 'v=UAAC1; a=sha256; d='.length + 44)
  const long = JSON.parse(userAgentConfig({ ...SETTINGS, provider: 'ö'.repeat(99) })).info.provider
  assert.deepEqual([[...long.name].length, [...long.shortName].length], [60, 20])
})

test('the zone names each way that is offered with TLS, says of the others that they are not there, and never port 25', () => {
  assert.match(
    zone(),
    /^_submissions\._tcp\.isp\.example\. \d+ IN SRV 0 1 465 mail\.isp\.example\.$/m,
  )
  assert.match(zone(), /^_submission\._tcp\.isp\.example\. \d+ IN SRV 0 0 0 \.$/m)
  assert.match(zone(), /^_imap\._tcp\.isp\.example\. \d+ IN SRV 0 0 0 \.$/m)
  assert.doesNotMatch(zone(), /SRV \d+ \d+ 25 /)
  const [, startTls] = SETTINGS.sending
  const old = zone(setupOf(undefined, { sending: startTls ? [startTls] : [] }))
  assert.match(old, /^_submission\._tcp\.isp\.example\. \d+ IN SRV 0 1 587 mail\.isp\.example\.$/m)
  assert.match(old, /^_submissions\._tcp\.isp\.example\. \d+ IN SRV 0 0 0 \.$/m)
})

test('only domains of ours have a set-up, and a host says which', () => {
  assert.equal(clientSetup(SETTINGS, 'other.example'), undefined)
  const host = (name: string) => domainOfHost(SETTINGS.domains, name)
  assert.equal(host('AutoConfig.isp.example:443'), 'isp.example')
  assert.equal(host('autoconfig.town.isp.example'), 'town.isp.example')
  assert.equal(host('isp.example'), 'isp.example')
  assert.equal(host('evilisp.example'), undefined)
})

const request = (address: string, schema = 'outlook/responseschema/2006a') =>
  `<?xml version="1.0"?><Autodiscover xmlns="x"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/${schema}</AcceptableResponseSchema></Request></Autodiscover>`

test('a request of Outlook is read without its tricks', () => {
  const anna = { address: 'anna@isp.example', outlook: true }
  assert.deepEqual(readAutodiscover(request('anna@isp.example')), anna)
  assert.equal(readAutodiscover(request('a&amp;b@isp.example'))?.address, 'a&b@isp.example')
  assert.equal(readAutodiscover(request('a', 'mobilesync/responseschema/2006'))?.outlook, false)
  const entity = `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${request('&a;@isp.example')}`
  assert.equal(readAutodiscover(entity), undefined)
  assert.equal(readAutodiscover(request('&a;@isp.example'))?.address, '&a;@isp.example')
  assert.equal(readAutodiscover(request('a@b</EMailAddress><EMailAddress>c@d')), undefined)
  assert.equal(readAutodiscover(''), undefined)
})
