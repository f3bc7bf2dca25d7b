// What rules are asked of (senders, names, greetings, links, files) is looked at in proportion to its length. Doors bound most of it;
// other mail servers that ask us do not. A name in the DNS has 255 characters, and so many are kept of the name of a file.

import { assertLinear } from './growth.ts'
import { test } from 'node:test'
import { isDangerous } from '../../src/core/policy/attachment.ts'
import { looksDynamic } from '../../src/core/policy/dynamic-name.ts'
import { hides } from '../../src/core/policy/encoded-url.ts'
import { foldSender } from '../../src/core/policy/greylist.ts'
import { foreignLiteral, heloInvalid } from '../../src/core/policy/helo.ts'
import { canonicalIp, parsePrefix } from '../../src/model/ip.ts'
import { isDomain, loginAddress, parseMailAddress } from '../../src/model/mail-address.ts'
import type { AttributedStep } from '../../src/model/step.ts'
import { filled } from './inputs.ts'

const client = { realm: 'main', address: '198.51.100.7', port: 25 }
const greeted = heloInvalid('enforce')
const refused = new Set(['exe'])
const NOTHING = { facts: [], readings: [] }

const ASKED: Readonly<
  Record<string, readonly [(text: string) => unknown, readonly string[], number?]>
> = {
  'a sender': [foldSender, ['f', 'f1', 'g', '1', 'prvs=', 'srs0=', '=', '+', '@', '-f']],
  'a name': [
    text => [looksDynamic(text, client.address), looksDynamic(text, '2001:db8::7')],
    ['dsl', 'dsl1', '1', 'a.', 'mail', '-100-', 'f', 'dyn '],
    4096,
  ],
  'a link': [hides, ['%', '%25', '1', '0x', '1.', ':', ':1', '@', 'a']],
  'a file': [text => isDangerous(text, refused), ['.', ' .', 'exe.', '/', 'a', '\u202f'], 256],
  'a greeting': [
    helo => [
      greeted.decide({ helo, client } as unknown as AttributedStep, NOTHING),
      foreignLiteral({ helo, client }),
    ],
    ['[', '[1.', '[IPv6:', '[IPv6::', 'a.', '.', '1', ':', 'a-'],
  ],
  'an address': [
    text => [parseMailAddress(text), isDomain(text), loginAddress(text, 'isp.example')],
    ['a.', '"', '"\\', '@', 'ä', 'a', '.', '['],
  ],
  'a number': [
    text => [canonicalIp(text), parsePrefix(text)],
    ['1', '1.', ':', '::', 'f:', '/', '0'],
  ],
}

for (const [name, [read, units, upTo = 16_384]] of Object.entries(ASKED))
  test(name, () => {
    for (const unit of units)
      for (const end of ['', '\n', '!', '@isp.example'])
        assertLinear(`${name} of ${JSON.stringify(unit)}`, {
          from: upTo / 4,
          upTo,
          perUnit: 40,
          prepare: size => {
            const text = filled(unit, size) + end
            return () => read(text)
          },
        })
  })
