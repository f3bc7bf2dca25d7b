// A link is listed under the host that a browser opens, and under what hides that host. Node's URL is the browser here.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hides } from '../core/policy/encoded-url.ts'
import { random } from '../simulation/population/random.ts'
import { linksIn } from './link-hosts.ts'

/** One of them is opened as this. */
const opens = (hosts: readonly string[], host: string): boolean =>
  hosts.some(one => URL.parse(`http://${one}`)?.hostname === host)

const hostsIn = (text: string): readonly string[] => [...linksIn(text).hosts]

const inHtml = (href: string, quote = '"') =>
  `<p>hello <a href=${quote}${href}${quote}>click</a></p>`

const EVIL: readonly string[] = [
  'http://evil.example/',
  'HTTP://EVIL.example',
  'http:///evil.example/',
  'http:/evil.example/',
  'https:evil.example/',
  'http:\\\\evil.example/',
  'http:\\/evil.example/',
  'ht&#9;tp://evil.example/',
  'http:/\t/evil.example/',
  'ht\r\ntp://evil.example/',
  'http://ev\r\nil.example/',
  'ht\0tp://ev\0il.example/',
  ' \r\n http://evil.example/',
  'http&colon;&sol;&sol;evil.example/',
  'http&colon;&bsol;&NewLine;&sol;evil.example/',
  'http://evil&period;example/',
  'http:&#00000000047;/evil.example/',
  'http:&#x0000000002f;/evil.example/',
  'http://ev\u00adil.example/',
  'http://ev&shy;il.example/',
  'http://evil\u3002example/',
  'http://\uff45vil.example/',
  'http://evil.example\\@good.example/',
  "http://good'@evil.example/",
  'http://good>@evil.example/',
  `http://${'a'.repeat(300)}@evil.example/`,
  `http://${'a '.repeat(3000)}@evil.example/`,
  'http://good bad@evil.example/',
  'http://good@bad@evil.example/',
  'http://evil.example:8080/',
  'http://%65vil.example/',
  'http:///%65vil.example/',
  'http://&percnt;65vil.example/',
  'http://a b@%65vil.example/',
  '//evil.example/',
  '\\\\evil.example/',
  '/\\evil.example/',
  'ftp://evil.example/',
]

test('a link in HTML is listed under the host that a browser opens', () => {
  for (const href of EVIL) assert.ok(opens(hostsIn(inHtml(href)), 'evil.example'), href)
  for (const href of EVIL)
    if (!href.includes("'")) assert.ok(opens(hostsIn(inHtml(href, "'")), 'evil.example'), href)
})

const NUMBERS: readonly string[] = [
  'http://2130706433/',
  'http:///2130706433/',
  'http:\\2130706433',
  'http://2130706433\\x',
  'http://2130706433./',
  'http://x y@2130706433/',
  'http://0x7f.1:0080\\x/',
  'http://\uff12130706433/',
  'http://127\u30021/',
  'http://127\uff0e0\u30020\uff611',
  'http://\u00ad2130706433/',
  'http://&#50;130706433/',
  '//2130706433',
]

test('a host that is a number is one in every spelling, and hides', () => {
  for (const href of NUMBERS) {
    const hosts = hostsIn(inHtml(href))
    assert.ok(opens(hosts, '127.0.0.1'), href)
    assert.ok(hosts.some(hides), href)
  }
  for (const href of [
    'http:///%65vil.example/',
    'http://a b@%65vil.example',
    'http:%65vil.example',
  ])
    assert.ok(hostsIn(inHtml(href)).some(hides), href)
})

test('a link in any attribute is listed under the host that a browser opens', () => {
  const { length: many } = 'more than sixteen'
  for (const tag of [
    `<a href="${' '.repeat(many)}//2130706433/">`,
    `<a href="${'\u0001\r\n '.repeat(many)}/\t/2130706433/">`,
    '<a href="/\r\n/2130706433/">',
    '<a href=/&Tab;/2130706433/>',
    '<a href=/&#9;&#10;\\21307&NewLine;06433/>',
    '<a href=//a&#62;&#34;&#32;b@2130706433/>',
    '<a href=//a\u00a0b@2130706433/>',
    '<a href="//%6d&sup1/">',
    '<img title="a>b" srcset="/x.png 1x, //2130706433/ 2x">',
    '<a href=/x ping="/y //2130706433/">',
    '<meta http-equiv=refresh content="0; //2130706433/">',
    '<meta http-equiv=refresh content="0;URL = //a b@2130706433">',
    '<meta http-equiv=refresh content="0;url=&quot;//2130706433&quot;">',
    '<p style="background: url( //2130706433/)">',
    '<style>p { background: url(//2130706433/) }</style>',
  ])
    assert.ok(hostsIn(tag).some(hides), tag)
  for (const href of ['//&efr;v&Iopf;&lagran;.example', 'http://evil.ex&#x61;mple'])
    assert.ok(opens(hostsIn(inHtml(href)), 'evil.example'), href)
  assert.ok(opens(hostsIn(inHtml('http://a&#153;.example')), 'atm.example'))
})

test('an honest text has the hosts of its links, and no others', () => {
  for (const [text, hosts] of [
    ['see http://a.example/x and https://b.example:8443.', ['a.example', 'b.example:8443.']],
    [
      '(http://a.example) "http://b.example" <http://c.example>',
      ['a.example)', 'b.example', 'c.example'],
    ],
    ['http://a.example\r\nnext line', ['a.example']],
    ['"http://a.example"\r\n"x"', ['a.example']],
    ['call //1, (//2); //3 <//4 in a text, a <b>text</b> //5', []],
    ['&lt;http://a.example&gt; &quot;http://b.example&quot;', ['a.example', 'b.example']],
    ['// a comment, http: and https: alone; a path // here', []],
    ['<img src="/x.png"> <a href="mailto:a@b.example">', []],
    [
      '<a href="https://a.example/?u=http://b.example/">http://c.example</a>',
      ['a.example', 'b.example', 'c.example'],
    ],
    ['http://user:pw@a.example/', ['user:pw@a.example', 'a.example']],
    ['<a href="http://münchen.example/">', ['münchen.example', 'xn--mnchen-3ya.example']],
  ] as const)
    assert.deepEqual(hostsIn(text), hosts, text)
})

test('a host that only a fold ends is told, in a tag', () => {
  assert.deepEqual([...linksIn('<a href="http://1\r\n drv.ms/">').stumps], ['1'])
  assert.deepEqual([...linksIn('<a href="http://1\r\n drv.ms/"> http://1/').stumps], [])
  assert.deepEqual([...linksIn('<br>http://1\r\n drv.ms/').stumps], [])
  assert.deepEqual([...linksIn('<a href=http://a.example\r\nx>').stumps], [])
})

test('links over what is listed are told of', () => {
  const many = Array.from({ length: 1200 }, (_, i) => `http://h${i}.example/`).join(' ')
  assert.ok(linksIn(many).tooMany)
  const odd = Array.from({ length: 1200 }, (_, i) => inHtml(`http:///h${i}.example/`)).join(' ')
  assert.ok(linksIn(odd).tooMany)
  const long = inHtml(`http://${'a '.repeat(20_000)}@evil.example/`)
  assert.ok(linksIn(long).tooMany)
  assert.ok(!linksIn(inHtml('http:///evil.example/').repeat(5000)).tooMany)
})

const pieces = (luck: ReturnType<typeof random>): string => {
  const { pick, chance } = luck
  const odd = () => (chance(0.15) ? pick(['\t', '\r\n', '\0', '&Tab;', '&#10;']) : '')
  const spelled = (word: string) => Array.from(word, letter => letter + odd()).join('')
  const scheme = spelled(pick(['http', 'https', 'HTTP'])) + pick([':', ':', '&colon;', '&#58;'])
  const slashes = pick(['//', '//', '/', '', '///', '\\\\', '/\\', '&sol;/', '/\t/'])
  const user = pick(['', '', 'a@', 'a b@', "a'@", 'a:b@', 'a@b@', 'a>@', 'a%40@', 'a<b@'])
  const host = spelled(
    pick([
      'evil.example',
      'EVIL.example',
      '%65vil.example',
      '2130706433',
      '0x7f.1',
      '127.1',
      'évil.example',
      '[::1]',
    ]),
  )
  const port = pick(['', '', ':80', ':8080', ':', ':0080'])
  return scheme + slashes + user + host + port + pick(['', '/', '?x', '#y', '\\z', '/p@q', '/"'])
}

/** As an HTML parser gives it, up to the quote. */
const attribute = (href: string): string =>
  (href.split('"')[0] as string)
    .replaceAll('&Tab;', '\t')
    .replaceAll('&#10;', '\n')
    .replaceAll('&colon;', ':')
    .replaceAll('&#58;', ':')
    .replaceAll('&sol;', '/')
    .replaceAll('\0', '')

test('of a thousand odd links each that a browser opens is listed', () => {
  const luck = random('links')
  let opened = 0
  for (let i = 0; i < 1000; i++) {
    const href = pieces(luck)
    const url = URL.parse(attribute(href))
    if (!url || url.hostname === '') continue
    opened++
    const hosts = hostsIn(inHtml(href))
    assert.ok(opens(hosts, url.hostname), JSON.stringify([href, hosts]))
  }
  assert.ok(opened > 500, `only ${opened}`)
})
