import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { asPythonReads, SETTINGS } from '../../../../test/support/client-setup.ts'
import { foreignWords } from '../../../../test/support/small-words.ts'
import { MOZILLA_PATHS } from '../../../mail/client-setup/mozilla.ts'
import { userAgentConfig } from '../../../mail/client-setup/user-agent-config.ts'
import { LANGUAGES } from '../../../model/subscriber.ts'
import { openHttpDoor } from '../server.ts'
import { setupApp, type SetupParts } from './setup-app.ts'

type HttpAsking = { host?: string; method?: string; body?: string; language?: string }

async function door(t: TestContext, over: Partial<SetupParts> = {}) {
  const signer = { signs: () => false, sign: () => Promise.resolve(undefined) }
  const app = setupApp({ settings: SETTINGS, language: 'en', signer, ...over })
  const opened = await openHttpDoor(app, { address: '127.0.0.1', port: 0 })
  t.after(() => opened.close())
  return async (path: string, { host, method = 'GET', body, language }: HttpAsking = {}) => {
    const answer = await app.request(`http://${host ?? 'autoconfig.isp.example'}${path}`, {
      method,
      headers: {
        host: host ?? 'autoconfig.isp.example',
        ...(language === undefined ? {} : { 'accept-language': language }),
      },
      ...(body === undefined ? {} : { body }),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const { status, headers } = answer
    return {
      status,
      type: headers.get('content-type') ?? '',
      bytes,
      text: bytes.toString(),
      headers,
    }
  }
}

const outlook = (address: string, schema = 'outlook/responseschema/2006a'): HttpAsking => ({
  method: 'POST',
  body: `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/${schema}</AcceptableResponseSchema></Request></Autodiscover>`,
})

test('Mozilla’s file is the same bytes at its three places, with an address, without, and with a placeholder', async t => {
  const ask = await door(t)
  const answers = await Promise.all(
    MOZILLA_PATHS.flatMap(path => [
      ask(path),
      ask(`${path}?emailaddress=anna%40isp.example`),
      ask(`${path}?emailaddress=nobody%40isp.example`),
      ask(`${path}?emailaddress=%25EMAILADDRESS%25`),
      ask(`${path}?emailaddress=`),
      ask(path, { host: '192.0.2.1' }),
    ]),
  )
  const [first] = answers
  for (const one of answers) {
    assert.equal(one.status, 200)
    assert.equal(one.text, first?.text)
    assert.match(one.type, /^application\/xml/)
  }
  assert.equal(asPythonReads('mozilla', first?.text ?? '').servers.length, 4)
})

test('the domain is that of the address, else of the host; one that is not ours has no file', async t => {
  const ask = await door(t)
  const [path] = MOZILLA_PATHS
  const town = await ask(path, { host: 'autoconfig.town.isp.example' })
  assert.equal(asPythonReads('mozilla', town.text).domain, 'town.isp.example')
  const said = await ask(`${path}?emailaddress=a%40town.isp.example`)
  assert.equal(said.text, town.text)
  assert.equal((await ask(`${path}?emailaddress=a%40other.example`)).status, 404)
})

test('Outlook is answered at each spelling of the path, and whether the address exists is not told', async t => {
  const ask = await door(t)
  const anna = await ask('/autodiscover/autodiscover.xml', outlook('anna@isp.example'))
  const nobody = await ask('/Autodiscover/Autodiscover.xml', outlook('nobody@isp.example'))
  assert.equal(anna.status, 200)
  assert.equal(asPythonReads('pox', anna.text).servers.length, 3)
  assert.equal(nobody.text, anna.text.replaceAll('anna@', 'nobody@'))
})

test('what Outlook asks that cannot be read, or is of others, is an error that it understands', async t => {
  const ask = await door(t)
  const code = async (asking: HttpAsking) => {
    const { status, text } = await ask('/autodiscover/autodiscover.xml', asking)
    return [status, asPythonReads('pox', text).ErrorCode]
  }
  assert.deepEqual(await code({ method: 'POST', body: '<a>' }), [200, '600'])
  assert.deepEqual(await code({}), [200, '600'])
  const entity = outlook('&a;@isp.example').body ?? ''
  const withEntity = entity.replace('?>', '?><!DOCTYPE a [<!ENTITY a "anna">]>')
  assert.deepEqual(await code({ method: 'POST', body: withEntity }), [200, '600'])
  assert.deepEqual(await code(outlook('a@other.example')), [200, '601'])
  assert.deepEqual(await code(outlook('a@isp.example', 'mobilesync/responseschema/2006')), [
    200,
    '601',
  ])
  const large = { method: 'POST', body: 'x'.repeat(20_000) }
  assert.equal((await ask('/autodiscover/autodiscover.xml', large)).status, 413)
})

test('JSON says where the XML is, and is an error of status 404 for any other protocol or domain', async t => {
  const ask = await door(t)
  const url = 'https://autodiscover.isp.example/autodiscover/autodiscover.xml'
  for (const path of [
    '/autodiscover/autodiscover.json?Email=anna%40isp.example&Protocol=Autodiscoverv1',
    '/autodiscover/autodiscover.json/v1.0/anna%40isp.example?protocol=AutodiscoverV1&RedirectCount=1',
    '/Autodiscover/Autodiscover.json?email=nobody%40isp.example&Protocol=AutodiscoverV1',
  ]) {
    const { status, text } = await ask(path)
    assert.equal(status, 200, path)
    assert.deepEqual(JSON.parse(text), { Protocol: 'AutodiscoverV1', Url: url })
  }
  for (const query of [
    '?Email=anna%40isp.example&Protocol=ActiveSync',
    '?Email=anna%40isp.example',
    '?Email=a%40other.example&Protocol=AutodiscoverV1',
    '/v1.0/%ff?Protocol=AutodiscoverV1',
  ]) {
    const { status, text } = await ask(`/autodiscover/autodiscover.json${query}`)
    assert.equal(status, 404, query)
    assert.equal(JSON.parse(text).ErrorCode, 'InvalidProtocol')
  }
})

test('the JSON of user agents is the bytes of which the digest is in the zone, whatever the host', async t => {
  const ask = await door(t)
  for (const host of ['ua-auto-config.isp.example', 'ua-auto-config.town.isp.example']) {
    const { text, type } = await ask('/.well-known/user-agent-configuration.json', { host })
    assert.equal(text, userAgentConfig(SETTINGS))
    assert.equal(type, 'application/json')
  }
})

test('a profile is handed out signed where there is a certificate, plain where there is none, and later where too many wait', async t => {
  const path = '/apple.mobileconfig?address=anna%40isp.example'
  const plain = await (await door(t))(path)
  assert.equal(plain.type, 'application/x-apple-aspen-config')
  assert.match(
    plain.headers.get('content-disposition') ?? '',
    /filename="isp\.example\.mobileconfig"/,
  )
  assert.equal(
    asPythonReads('profile', plain.bytes).PayloadContent[0].EmailAddress,
    'anna@isp.example',
  )
  const sign = (profile: string) => Promise.resolve(Buffer.from(`signed ${profile}`))
  const signed = await (await door(t, { signer: { signs: () => true, sign } }))(path)
  assert.equal(signed.text, `signed ${plain.text}`)
  const busy = { signs: () => true, sign: () => Promise.resolve(undefined) }
  assert.equal((await (await door(t, { signer: busy }))(path)).status, 503)
  const ask = await door(t)
  assert.equal((await ask('/apple.mobileconfig')).status, 404)
  assert.equal((await ask('/apple.mobileconfig?address=a%40other.example')).status, 404)
})

test('the page is complete in itself, in each language, and shows the servers, the profile and a code', async t => {
  const ask = await door(t)
  for (const language of LANGUAGES) {
    const asking = { language }
    const { text, headers } = await ask('/?address=anna%40isp.example', asking)
    assert.match(text, new RegExp(`<html lang="${language}">`))
    for (const seen of [
      'imap.isp.example',
      '993',
      '465',
      '587',
      'anna@isp.example',
      '<svg role="img"',
    ])
      assert.ok(text.includes(seen), `${language}: ${seen}`)
    assert.ok(text.indexOf('465') < text.indexOf('587'))
    assert.doesNotMatch(text, /<script|<img|<link| src=/)
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.deepEqual(
      foreignWords(language, text.replace(/<style>[^]*<\/style>|<nav>[^]*<\/nav>|<[^>]*>/g, ' ')),
      [],
    )
  }
  const [anna, nobody] = await Promise.all([
    ask('/?address=anna%40isp.example'),
    ask('/?address=nina%40isp.example'),
  ])
  const known = (text: string) => text.replaceAll(/<path [^>]*>/g, '').replaceAll(/anna|nina/g, '')
  assert.equal(known(anna.text), known(nobody.text))
})

test('what is no address of ours is said so, and never becomes a part of the page', async t => {
  const ask = await door(t)
  for (const written of ['a@other.example', '"><script>alert(1)</script>', 'x'.repeat(5000)]) {
    const { status, text } = await ask(`/?address=${encodeURIComponent(written)}`)
    assert.equal(status, 404)
    assert.match(text, /no address of ours/)
    assert.doesNotMatch(text, /<script/)
  }
  assert.equal((await ask('/')).status, 200)
  assert.equal((await ask('/favicon.ico')).status, 404)
})

test('Outlook’s addresses take the methods that they answer, and name them to all others', async t => {
  const ask = await door(t)
  for (const path of ['/autodiscover/autodiscover.xml', '/Autodiscover/Autodiscover.xml'])
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const { status, headers } = await ask(path, { method })
      assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD, POST'], method)
    }
  const json = '/autodiscover/autodiscover.json?Email=anna%40isp.example&Protocol=AutodiscoverV1'
  const { status, headers } = await ask(json, { method: 'POST', body: '{}' })
  assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD'])
  for (const path of [json, '/autodiscover/autodiscover.xml']) {
    const head = await ask(path, { method: 'HEAD' })
    assert.deepEqual([head.status, head.bytes.length], [200, 0], path)
  }
})
