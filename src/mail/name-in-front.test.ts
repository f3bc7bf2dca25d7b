import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorsOf } from './authors.ts'

const ANNA = 'anna@isp.example'
const q = (text: string) =>
  `=?utf-8?q?${Buffer.from(text)
    .toString('latin1')
    .replaceAll(
      /[^\w -]/g,
      sign => `=${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .replaceAll(' ', '_')}?=`
const b = (text: string) => `=?utf-8?b?${Buffer.from(text).toString('base64')}?=`
const read = (value: string) =>
  authorsOf([{ name: 'from', value: Buffer.from(value).toString('latin1') }])

const NAMES = [
  'Anna @ Büro',
  'Müller, Anna @Firma GmbH',
  'Anna Büro: Bert',
  'Anna Büro; Bert',
  'Büro anna@isp.example',
  'Anna (ANNA@isp.example), Büro',
  'Twitter: @annabüro',
  '😀 Anna @ Wien 🎉',
  'Firma Büro <Wien>',
  'Müller @ Büro e.V.',
  'Büro @ Wien 10.30',
]

test('an encoded name in which no program reads the address of another is a name', () => {
  for (const name of NAMES)
    for (const encoded of [q(name), b(name)])
      assert.deepEqual(
        read(`${encoded} <${ANNA}>`),
        { addresses: [ANNA], clear: true, more: false },
        name,
      )
  for (const value of [
    `=?utf-8?q?Anna?= =?utf-8?q?_=40_Haus_=C3=BC?= <${ANNA}>`,
    `=?UTF-8?Q?M=C3=BCller@Firma?= <${ANNA}>`,
    `=?UTF-8?Q?Anna_B=C3=BCro;_Bert?= <${ANNA}>`,
  ])
    assert.equal(read(value).clear, true, value)
})

test('an unquoted name in which no program reads the address of another is a name', () => {
  for (const name of [
    'Anna@Home',
    'Anna; Bert',
    'Re: Anna',
    'Anna @ Büro',
    'bank@bank example',
    'Anna (a (b) c)',
  ])
    assert.deepEqual(
      read(`${name} <${ANNA}>`),
      { addresses: [ANNA], clear: true, more: false },
      name,
    )
})

test('an address in the name that a program may read is an author', () => {
  for (const [name, address] of [
    ['chief@bank.example,x', 'chief@bank.example'],
    ['Müller@bank.example', 'müller@bank.example'],
    ['Büro kontakt@shop.example', 'kontakt@shop.example'],
    ['x <chief@bank.example>', 'chief@bank.example'],
    ['Büro @ Wien u. Graz', '@wienu.graz'],
    ['boss. anna@isp.example', '@isp.example'],
    ['boss.(x) anna@isp.example', '@isp.example'],
    ['"boss"anna@isp.example', '@isp.example'],
    ['Büro boss@anna@isp.example', '@isp.example'],
    ['anna@isp.example.bank', 'anna@isp.example.bank'],
    ['anna@isp.example Büro', '@isp.examplebüro'],
    ['x@bank。example', '@bank。example'],
    ['x@[192.0.2.1]', ''],
    ['x@ (c)[ipv6:2001:db8::1]', ''],
    ['Büro " x@isp.example', '@isp.example'],
    ['Büro \r\nx @ y', ''],
  ] as const)
    for (const encoded of [q(name), b(name)]) {
      const { clear, addresses } = read(`${encoded} <${ANNA}>`)
      assert.equal(clear, false, name)
      assert.ok(addresses.includes(ANNA), name)
      assert.ok(
        address === '' || addresses.some(one => one.endsWith(address)),
        `${name}: ${addresses.join(' ')}`,
      )
    }
})

test('words in front of an address that is not encoded are a part of it for Python', () => {
  assert.equal(read(`Anna ${ANNA} <${ANNA}>`).clear, false)
  assert.equal(read(`Re: ${ANNA} <${ANNA}>`).clear, true)
})

test('of a name with whole addresses in it all that is read is known', () => {
  assert.deepEqual(read(`${q('Büro sales@isp.example')} <${ANNA}>`), {
    addresses: [ANNA, 'sales@isp.example'],
    clear: false,
    more: false,
    byName: true,
  })
  for (const name of [
    'Büro boss. sales@isp.example',
    'sales@isp.example Wien',
    'a@b.example @c.d.ex',
  ])
    assert.equal(read(`${q(name)} <${ANNA}>`).byName, undefined, name)
})
