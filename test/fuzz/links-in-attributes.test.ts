// Attributes of HTML with links in them, written as oddly as HTML and URLs allow. html5lib (Debian: python3-html5lib) says what the value of the
// attribute is, Node's URL which host a browser opens from a webmail: that host we have listed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linksIn } from '../../src/mail/link-hosts.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { run } from '../support/serve.ts'

const SCRIPT = new URL('../support/attributes.py', import.meta.url).pathname
const DOCUMENTS = 3000
const WEBMAIL = 'https://webmail.example/'
const SPECIAL = new Set(['http:', 'https:', 'ftp:'])

const PLACES: readonly (readonly [before: string, attribute: string, behind: string])[] = [
  ['<a class=x ', 'href', '>click</a>'],
  ['<a class="a>b" ', 'href', ' title=y>click</a>'],
  ['<img ', 'src', '>'],
  ['<form ', 'action', '><input></form>'],
  ['<button ', 'formaction', '>x</button>'],
  ['<a href=/x ', 'ping', '>x</a>'],
  ['<img title="a>b" ', 'srcset', '>'],
  ['<base ', 'href', '>'],
  ['<meta http-equiv=refresh ', 'content', '>'],
  ['<body ', 'background', '>x'],
  ['<video ', 'poster', '></video>'],
  ['<object ', 'data', '></object>'],
  ['<svg><a ', 'xlink:href', '>x</a></svg>'],
]

/** What a browser does not see in a link, and what it does not see in front of one. */
const UNSEEN = ['\t', '\n', '\r\n', '\r', '&Tab;', '&NewLine;', '&#9;', '&#10;', '&#xd;', '&#x000a']
const BLANK = [' ', '\u0001', '\u001f', '\f', '&#32;', '&#x20;', '&#1;', '&#12;', ...UNSEEN]
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  ':': [':', ':', '&colon;', '&#58;', '&#x3a;'],
  '/': ['/', '/', '&sol;', '&#47;', '&#x2F;'],
  '\\': ['\\', '&bsol;', '&#92;'],
  '@': ['@', '&commat;', '&#64;'],
  '.': ['.', '.', '&period;', '&#46', '\u3002'],
  e: ['e', 'e', 'e', '&#101;', '&efr;', '&eopf;', '&escr;', '&ee;', '%65', '\uff45'],
  l: ['l', 'l', 'l', '&ell;', '&lopf;', '&lagran;', '&#108;'],
  '1': ['1', '1', '&sup1;', '&sup1', '&#49;', '\uff11'],
  '2': ['2', '2', '&sup2;', '&#50'],
  t: ['t', 't', 'T', '&#116;'],
}

function spelled(luck: Random, word: string, odd: number): string {
  const written = (sign: string) => luck.pick(SIGNS[sign] ?? [sign])
  return Array.from(word, sign => written(sign) + (luck.chance(odd) ? luck.pick(UNSEEN) : '')).join(
    '',
  )
}

function link(luck: Random): string {
  const { pick, chance, below } = luck
  const odd = pick([0, 0, 0.05, 0.2])
  const front = chance(0.4) ? Array.from({ length: below(40) }, () => pick(BLANK)).join('') : ''
  const scheme = pick(['', '', '', 'http:', 'https:', 'ftp:'])
  const slashes = pick(['//', '//', '\\\\', '/\\', '\\/', '///', scheme === '' ? '//' : '/'])
  const user = pick(['', '', '', 'a@', 'a:b@', 'a&quot;b@', 'a&gt;b@', 'a&#34;b@', 'a&#32;b@'])
  const host = pick(['evil.example', '2130706433', '127.1', '0x7f.1', '%65vil.example', 'x1.l2.e'])
  const end = pick(['', '/', '/x', '?q', '#f', '\\z', ':8080/'])
  return `${front}${spelled(luck, scheme + slashes, odd)}${user}${spelled(luck, host, odd)}${end}`
}

/** In quotes, or without where that can be. */
function attribute(luck: Random, name: string): string {
  const one = link(luck)
  const value =
    name === 'srcset'
      ? `/x.png 1x,${luck.pick(['', ' ', '\n'])}${one.trimStart()} 2x`
      : name === 'ping'
        ? `/p ${one.trimStart()}`
        : name === 'content'
          ? luck.pick(['0;', '0; ', '0;url=', '5; URL = ', '0;url=&quot;', '1,']) + one
          : one
  const quote = luck.pick(['"', "'", ''])
  return quote === '' && /[\s>=]/.test(value)
    ? `${name}="${value}"`
    : `${name}${luck.pick(['=', '=', ' = ', '=\n'])}${quote}${value}${quote}`
}

/** The links in the value of an attribute (WHATWG HTML §4.2.5.3, §4.8.4.2.1). */
function linksOf(name: string, value: string): readonly string[] {
  if (name === 'ping') return value.split(/[\t\n\f\r ]+/)
  if (name === 'srcset') return value.split(/[\t\n\f\r ]+/).map(one => one.replace(/^,+|,+$/g, ''))
  if (name !== 'content') return [value]
  const refresh = /^\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?(["']?)([\s\S]*)$/i.exec(value)
  const [, quote = '', rest = ''] = refresh ?? []
  return [quote === '' ? rest : (rest.split(quote, 1)[0] ?? '')]
}

test('the host that a browser opens from an attribute is listed', async t => {
  const luck = random(`links in attributes ${fuzzSeed(1)}`)
  const documents = Array.from({ length: DOCUMENTS }, () => {
    const [before, name, behind] = luck.pick(PLACES)
    return `<p>hello ${before}${attribute(luck, name)}${behind} and good bye`
  })
  const lines = documents.map(text => Buffer.from(text).toString('base64')).join('\n')
  const done = await run('/usr/bin/python3', [SCRIPT], `${lines}\n`)
  assert.equal(done.code, 0, done.output)
  const missed: string[] = []
  let opened = 0
  for (const [i, line] of done.output.trim().split('\n').entries()) {
    const text = documents[i] as string
    const { hosts, tooMany } = linksIn(text)
    assert.ok(!tooMany, JSON.stringify(text))
    const known = new Set([...hosts].map(one => URL.parse(`http://${one}`)?.hostname))
    for (const [name, value] of JSON.parse(line) as [string, string][])
      for (const href of linksOf(name === 'href' ? name : name.replace(/^.*:/, ''), value)) {
        const url = URL.parse(href, WEBMAIL)
        if (!url || !SPECIAL.has(url.protocol) || url.hostname === 'webmail.example') continue
        opened++
        if (!known.has(url.hostname)) missed.push(JSON.stringify([text, url.hostname, [...hosts]]))
      }
  }
  assert.deepEqual(missed.slice(0, 10), [], `${missed.length} of ${opened}`)
  assert.ok(opened > DOCUMENTS / 2, `only ${opened} are links`)
  t.diagnostic(`${opened} links`)
})
