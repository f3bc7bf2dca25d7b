import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { bareCustomer } from '../../../../test/support/bare-customer.ts'
import { foreignWords } from '../../../../test/support/small-words.ts'
import type { Decision } from '../../../model/decision.ts'
import type { Incident } from '../../../model/incident.ts'
import type { Holder } from '../../../model/lease.ts'
import { LANGUAGES } from '../../../model/subscriber.ts'
import { openHttpDoor } from '../server.ts'
import { API_PATH, noticeApp, type NoticeParts } from './notice-app.ts'

const SINCE = Date.UTC(2026, 0, 5, 8)
const ISOLATED = {
  id: 'd',
  incident: 'i',
  subject: 'line:anna',
  kind: 'isolate',
  at: SINCE,
  until: SINCE + 72 * 3_600_000,
  by: 'evidence',
} as const satisfies Decision
const CASE = { caseCode: 'K7-2M9Q', kinds: ['content', 'network'] } as unknown as Incident
const CERTAIN: Holder = { sure: 'certain', subscriber: 'anna' }

type NoticeWorld = {
  decisions?: readonly Decision[]
  holder?: Holder
  language?: string
  over?: Partial<NoticeParts>
}

/** A door with one line behind it, the one that this machine asks from. */
async function door(t: TestContext, world: NoticeWorld = {}) {
  const { decisions = [ISOLATED], holder = CERTAIN, language = 'en', over = {} } = world
  const asked: (number | undefined)[] = []
  const app = noticeApp({
    leases: { holder: (_realm, _address, port) => (asked.push(port), holder) },
    subscribers: { get: () => ({ ...bareCustomer('anna'), language }) },
    cases: { open: () => CASE, inForce: () => decisions },
    provider: 'Example Net',
    portal: 'portal.isp.example',
    portalAddress: 'https://portal.isp.example/',
    phone: '+49 30 123456',
    language: 'en',
    timeZone: () => 'Europe/Berlin',
    proxies: [],
    publicAddress: 'https://notice.isp.example/',
    ...over,
  })
  const opened = await openHttpDoor(app, { address: '127.0.0.1', port: 0 })
  t.after(() => opened.close())
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const asking = request({ port: opened.port, path, headers, method, agent: false })
    asking.end()
    const [answer] = await once(asking, 'response')
    let body = ''
    for await (const piece of answer) body += String(piece)
    return { status: answer.statusCode as number, headers: answer.headers, body }
  }
  return { ask, port: opened.port, asked }
}

const PATHS = ['/', '/any/path?with=this', '/%00%ff', '/restricted/x', '/index.php', '/why/x', '//']
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND', 'TRACE']

test('any method of any path on any host is answered with why, since when, what to do, case and telephone', async t => {
  const { ask } = await door(t)
  for (const method of METHODS)
    for (const path of PATHS) {
      const { status, headers, body } = await ask(path, { host: 'www.bank.example' }, method)
      assert.equal(status, 511, `${method} ${path}`)
      assert.equal(headers['cache-control'], 'no-store')
      for (const told of ['K7-2M9Q', '5 January 2026 at 09:00', '+49 30 123456', 'sends spam'])
        assert.ok(body.includes(told), `${method} ${path}: ${told}`)
      assert.match(body, /virus scanner[\s\S]*https:\/\/portal\.isp\.example\//)
      assert.ok(Buffer.byteLength(body) < 30 * 1024)
      assert.doesNotMatch(body, /<script|<img|<link|src=|@import|url\(/i)
    }
  const head = await ask('/', {}, 'HEAD')
  assert.deepEqual([head.status, head.body], [511, ''])
})

test('the page is in the language of its reader, and no word of it in another one', async t => {
  for (const language of LANGUAGES) {
    const pages = [
      await door(t, { language }),
      await door(t, { language, decisions: [] }),
      await door(t, { language, decisions: [{ ...ISOLATED, by: 'staff' }] }),
      await door(t, { language, decisions: [{ ...ISOLATED, kind: 'suspend', by: 'staff' }] }),
      await door(t, {
        language,
        over: { provider: 'Your provider', portal: 'the customer portal' },
      }),
    ]
    for (const { ask } of pages) {
      const { body, headers } = await ask('/')
      assert.equal(headers['content-language'], language)
      assert.match(body, new RegExp(`<html lang="${language}">`))
      const text = body.replace(/<style>[\s\S]*?<\/style>/, '').replaceAll(/<[^>]+>/g, ' ')
      assert.deepEqual(foreignWords(language, text.replaceAll('Example Net', '')), [])
    }
  }
  const { ask } = await door(t)
  assert.match((await ask('/', { 'accept-language': 'fr-CA,fr;q=0.9' })).body, /5 janvier 2026/)
  assert.match((await ask('/restricted?lang=de')).body, /5\. Januar 2026/)
})

test('of an address that several lines share, or none, nothing personal is said', async t => {
  for (const sure of ['ambiguous', 'unknown'] as const) {
    const { ask, asked } = await door(t, { holder: { sure, subscriber: 'anna' } })
    const { status, body } = await ask('/')
    assert.equal(status, 200)
    assert.doesNotMatch(body, /K7-2M9Q|spam|virus|2026/)
    assert.ok((asked[0] ?? 0) > 0, 'its port was asked about')
  }
})

test('a line that is open again is told so, as is one whose mail alone waits', async t => {
  for (const decisions of [
    [],
    [{ ...ISOLATED, endedAt: SINCE + 1 }],
    [{ ...ISOLATED, kind: 'hold' as const }],
  ]) {
    const { ask } = await door(t, { decisions })
    const { status, body } = await ask('/')
    assert.equal(status, 200)
    assert.match(body, /not restricted/)
    assert.doesNotMatch(body, /K7-2M9Q/)
  }
})

test('what staff have decided begins with a call, and speaks of no virus', async t => {
  const { ask } = await door(t, { decisions: [{ ...ISOLATED, by: 'staff' }] })
  const { body } = await ask('/')
  assert.match(body, /<ol>\s*<li>If you need help, call[\s\S]*Then open portal\.isp\.example/)
  assert.doesNotMatch(body, /virus|spam/)
})

/** What a device expects of its probe: [host, path, status, how the body begins]. */
const PROBES = [
  ['connectivitycheck.gstatic.com', '/generate_204', 204, ''],
  ['www.google.com', '/gen_204', 204, ''],
  ['captive.apple.com', '/hotspot-detect.html', 200, '<HTML><HEAD><TITLE>Success'],
  ['captive.apple.com:80', '/', 200, '<HTML><HEAD><TITLE>Success'],
  ['www.msftconnecttest.com', '/connecttest.txt', 200, 'Microsoft Connect Test'],
  ['www.msftncsi.com', '/ncsi.txt', 200, 'Microsoft NCSI'],
  ['detectportal.firefox.com', '/success.txt', 200, 'success\n'],
  ['detectportal.firefox.com', '/canonical.html', 200, '<meta http-equiv="refresh"'],
  ['nmcheck.gnome.org', '/check_network_status.txt', 200, 'NetworkManager is online'],
] as const

test('the probe of each device leads to the page while its line is isolated, and finds the way free afterwards', async t => {
  const garden = await door(t)
  const open = await door(t, { decisions: [] })
  for (const [host, path, status, body] of PROBES) {
    const shut = await garden.ask(path, { host })
    assert.deepEqual([shut.status, shut.headers.location], [302, '/restricted'], path)
    const free = await open.ask(path, { host })
    assert.equal(free.status, status, path)
    assert.ok(free.body.startsWith(body) && (body !== '' || free.body === ''), path)
  }
  // What a sheet shows must be a page, not an error of the network.
  const sheet = await garden.ask('/restricted', { host: 'captive.apple.com' })
  assert.equal(sheet.status, 200)
  assert.match(sheet.body, /K7-2M9Q/)
})

test('the captive portal API says what is so now (RFC 8908)', async t => {
  for (const [world, captive] of [
    [{}, true],
    [{ decisions: [] }, false],
    [{ holder: { sure: 'ambiguous' } as const }, false],
  ] as const) {
    const { ask } = await door(t, world)
    const { headers, body, status } = await ask(API_PATH)
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'application/captive+json')
    assert.equal(headers['cache-control'], 'no-store')
    assert.deepEqual(JSON.parse(body), {
      captive,
      'user-portal-url': 'https://notice.isp.example/restricted',
    })
  }
})

test('whatever a client sends, the next one is answered', async t => {
  const { port, ask } = await door(t)
  for (const bytes of [
    'GET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: [::1\r\nX: y\r\n\r\n',
    'GET http://other.example/x HTTP/1.1\r\nHost: other.example\r\n\r\n',
    `GET /${'x'.repeat(15_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET /${'x'.repeat(70_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    'GET /?lang=%ff%00&lang=de HTTP/1.1\r\nHost: a\r\nAccept-Language: ,;q=,\r\n\r\n',
    'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\nx',
  ]) {
    const client = connect({ port, host: '127.0.0.1' }).on('error', () => undefined)
    await once(client, 'connect')
    client.end(bytes)
    client.resume()
    await new Promise(resolve => client.once('close', resolve))
  }
  assert.equal((await ask('/')).status, 511)
})

test('colour, mark and words of the operator are on the page, which stays small and loads nothing', async t => {
  const logo = `data:image/svg+xml;base64,${'A'.repeat(16 * 1024)}`
  const words = { en: 'We are there <from> 8 to 18.', de: 'Wir sind von 8 bis 18 Uhr da.' }
  const look = { colour: '#7a0019', logo: () => logo, words }
  const { ask } = await door(t, { over: { look } })
  const { body, headers } = await ask('/')
  assert.match(body, /--own: #7a0019 /)
  assert.match(body, /<img class="mark" src="data:image\/svg\+xml;base64,A+" alt="Example Net">/)
  assert.match(body, /We are there &lt;from&gt; 8 to 18\./)
  assert.ok(Buffer.byteLength(body) < 30 * 1024)
  assert.match(String(headers['content-security-policy']), /default-src 'none';.* img-src data:;/)
  assert.match((await ask('/restricted?lang=de')).body, /Wir sind von 8 bis 18 Uhr da\./)
  // None is said in a language in which there is none.
  assert.doesNotMatch((await ask('/restricted?lang=fr')).body, /8 bis 18|8 to 18/)
})
