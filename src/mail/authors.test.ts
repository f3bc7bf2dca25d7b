import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorsOf } from './authors.ts'
import { parseHeader } from './header.ts'

const from = (...values: readonly string[]) =>
  authorsOf(
    values.map(value => ({ name: 'from', value: Buffer.from(value, 'utf8').toString('latin1') })),
  )

const ANNA = 'anna@isp.example'

test('what a program finds that decodes words first, and looks for addresses then, is asked about', () => {
  for (const value of [
    `=?utf-8?q?bank=40bank.example=2Cx?= <${ANNA}>`,
    `=?utf-8?q?=3Cbank=40bank.example=3E?= <${ANNA}>`,
    `=?utf-8?q?bank=40bank.example?= <${ANNA}>`,
    `=?utf-8?b?${Buffer.from('bank@bank.example, x').toString('base64')}?= <${ANNA}>`,
    `=?utf-7?q?bank+AEA-bank.example?= <${ANNA}>`,
    `=?utf-8?q?bank=40?= =?utf-8?q?bank.example?= <${ANNA}>`,
    `=?utf-8?q?Bank_=3Cbank=40bank.example=3E_via_Shop?= <${ANNA}>`,
    `bert@isp.example, =?utf-8?q?bank=40bank.example?= <${ANNA}>`,
    `${ANNA} =?utf-8?q?=2C?= (=?utf-8?q?=29_bank=40bank.example?=)`,
    `${ANNA} (=?utf-8?q?=29=2C_bank=40bank.example?=)`,
    `"bank@bank.example" =?utf-8?q?=2C?= <${ANNA}>`,
    `"a" =?utf-8?q?=22?= "bank@bank.example," <${ANNA}>`,
    `"=?utf-8?q?=22?= bank@bank.example, x" <${ANNA}>`,
  ]) {
    const { clear, more, addresses } = from(value)
    assert.deepEqual({ clear, value }, { clear: false, value })
    assert.ok(more || addresses.includes('bank@bank.example'), `${value}: ${addresses.join(' ')}`)
    assert.ok(more || addresses.includes(ANNA), value)
  }
})

test('letters in a word that are not ASCII are also read as they stand', () => {
  for (const charset of ['iso-8859-1', 'us-ascii', 'koi8-r', 'utf-8']) {
    const { clear, addresses } = from(`=?${charset}?q?=3Cbank=40bänk.example=3E?= <${ANNA}>`)
    assert.equal(clear, false, charset)
    assert.ok(addresses.includes('bank@bänk.example'), `${charset}: ${addresses.join(' ')}`)
  }
})

test('what people and programs write is clear', () => {
  for (const value of [
    ANNA,
    `<${ANNA}>`,
    `Anna Ek <Anna@ISP.example>`,
    `Anna Ek<${ANNA}>`,
    `"Ek, Anna" <${ANNA}>`,
    `Ek, Anna <${ANNA}>`,
    `Anna O'Neil, Ph.D. <${ANNA}>`,
    `${ANNA} (Anna Ek)`,
    `Anna (home) <${ANNA}> (now)`,
    `"bank@bank.example" <${ANNA}>`,
    `"A \\"B\\" <x@y.example>" C <${ANNA}>`,
    `${ANNA} <${ANNA}>`,
    `Änna Ek <${ANNA}>`,
    `=?utf-8?q?=C3=84nna?= =?utf-8?b?RWs=?= <${ANNA}>`,
    `=?utf-8?q?Anna Ek?= <${ANNA}>`,
    `"=?utf-8?q?Anna_Ek?=" <${ANNA}>`,
    `Shop [news] & more! <${ANNA}>`,
    `Anna < ${ANNA} >`,
    `"bank@bank.example via Shop" <${ANNA}>`,
    // Quoted without need.
    `Anna <"anna"@isp.example>`,
    `"Ek, Anna" <"anna"@isp.example>`,
    `"anna"@isp.example`,
    // RFC 1034 §3.1: the root's dot; RFC 6854: a group.
    `Anna <ANNA@isp.example.>`,
    `${ANNA}.`,
    `Friends: ${ANNA};`,
    `"Friends": Anna <${ANNA}> ; `,
    `=?utf-8?q?M=C3=BCller=2C_Anna?= <${ANNA}>`,
    `=?utf-8?q?M=C3=BCller=3A_Anna_=28Vertrieb=29_=3A=28?= <${ANNA}>`,
    `"=?utf-8?q?Bank_bank=40bank.example_via_Shop?=" <${ANNA}>`,
    `"bank@bank.example" =?utf-8?q?M=C3=BCller_Anna?= <${ANNA}>`,
    `"Ek" =?utf-8?q?M=C3=BCller=2C_Anna?= <${ANNA}>`,
    `=?utf-8?q?Anna_=22Ann=22_Ek?= <${ANNA}>`,
  ]) {
    const { addresses, clear } = from(value)
    assert.deepEqual([...addresses], [ANNA], value)
    assert.equal(clear, true, value)
  }
  const two = from(`Anna <${ANNA}>, bert@isp.example`)
  assert.deepEqual([...two.addresses].toSorted(), [ANNA, 'bert@isp.example'])
  assert.equal(two.clear, true)
  const team = from(`Team: ${ANNA}, Bert <bert@isp.example>;`)
  assert.deepEqual([...team.addresses].toSorted(), [ANNA, 'bert@isp.example'])
  assert.equal(team.clear, true)
  const utf8 = from('Änna <änna@isp.example>')
  assert.deepEqual(utf8, { addresses: ['änna@isp.example'], clear: true, more: false })
})

test('what a reader might take for an address is one', () => {
  for (const value of [
    `bank@bank.example <${ANNA}>`,
    `bank@bank.example, <${ANNA}>`,
    `bank@bank.example<${ANNA}>`,
  ]) {
    assert.ok(from(value).addresses.includes('bank@bank.example'), value)
    assert.ok(from(value).addresses.includes(ANNA), value)
  }
})

test('with a dot at the end of the domain a name that is an address may be the author', () => {
  for (const value of [
    `"bank@bank.example" <${ANNA}.>`,
    `"bank@bank.example"<${ANNA}.>`,
    `"Bank bank@bank.example" <${ANNA}.>`,
    `=?utf-8?q?bank=40bank.example?= <${ANNA}.>`,
    `"=?utf-8?q?bank=40bank.example?=" <${ANNA}.>`,
    `(bank@bank.example) <${ANNA}.>`,
    `"bank@bank.example" <${ANNA}.>, <${ANNA}>`,
    `Friends: "bank@bank.example" <${ANNA}.>;`,
  ]) {
    const { addresses, clear } = from(value)
    assert.equal(clear, false, value)
    assert.ok(addresses.includes('bank@bank.example'), value)
  }
  assert.equal(from(`"Ek, Anna" <${ANNA}.>`).clear, true)
})

test('in what is not well formed whatever may be an address is one', () => {
  for (const value of [
    `"bank@bank.example"] <${ANNA}>`,
    `"bank@bank.example"[ <${ANNA}>`,
    `"bank@bank.example" [External] <${ANNA}>`,
    `=?utf-8?q?bank=40bank.example?=] <${ANNA}>`,
    `=?utf-8?q?=3cbank=40bank.example=3e?=, anna <${ANNA}>`,
    `=?utf-8?q?bank=40bank.example?=,' <${ANNA}>`,
    `<bank@bank.example\\>`,
    `Bank <bank@[bank.example]>`,
    `Bank <"bank@bank.example">`,
    `bank@ba(x)nk.example`,
    `bank @ ba nk . example`,
  ]) {
    const { addresses, clear, more } = from(value)
    assert.ok(addresses.includes('bank@bank.example'), `${value}: ${addresses.join()}`)
    assert.equal(clear, false, value)
    assert.equal(more, false, value)
  }
  for (const value of [
    `=?utf-7?q?bank+AEA-bank.example?=] <${ANNA}>`,
    `=?x-unknown?b?YQ==?=] <${ANNA}>`,
    `=?utf-8?b?Y2=3cQGJhbms?=] <${ANNA}>`,
    `] ${'a@b.example '.repeat(21)}`,
    `] ${'x'.repeat(2000)}`,
    'x'.repeat(10_001),
  ])
    assert.equal(from(value).more, true, value)
  assert.equal(from(`=?utf-7?q?Anna?= <${ANNA}>`).more, false)
})

test('what readers take for different things is not clear', () => {
  for (const value of [
    '',
    'Anna Ek',
    'Anna Ek, Bert Ek',
    'undisclosed:;',
    `Friends: ${ANNA}; x`,
    `Friends: ${ANNA}; More: ${ANNA};`,
    `bank@bank.example: ${ANNA};`,
    `Friends: <${ANNA}> bank@bank.example;`,
    `Friends: "bank@bank.example"] <${ANNA}>;`,
    `<${ANNA}><bank@bank.example>`,
    `<${ANNA}> bank@bank.example`,
    `<${ANNA}> Anna`,
    `${ANNA} Anna`,
    `${ANNA} bank@bank.example`,
    `${ANNA};bank@bank.example`,
    `${ANNA},`,
    `,${ANNA}`,
    `Anna, ${ANNA}`,
    `<@bank.example:${ANNA}>`,
    `"bank"@bank.example <${ANNA}>`,
    `"${ANNA}`,
    `(${ANNA}`,
    `<${ANNA}`,
    `${ANNA}>`,
    `Anna \\<x <${ANNA}>`,
    `anna @isp.example`,
    `anna@isp .example`,
    `anna@isp(x).example`,
    `<anna@isp.example(x)>`,
    `anna@bank.example\0@isp.example`,
    `Anna\0 <${ANNA}>`,
    `"Bank" bank@bank.example <${ANNA}>`,
    `=?utf-8?q?"=22?= <${ANNA}>, "<bank@bank.example>" <bert@isp.example>`,
    `=?utf-8?q?( ?= <${ANNA}>`,
    `"=?utf-8?q?=22; <${ANNA}>, "<bank@bank.example>`,
    `<>`,
    '=?utf-8?q?bank?=@bank.example',
    `Anna <=?utf-8?q?bank=40?=@isp.example>`,
    `<anna>`,
    `Anna <${ANNA}..>`,
    `(c\\)"bank.example) ${ANNA}`,
    `.. <${ANNA}>`,
    `<"an\\na"@isp.example>`,
    `<"an na"@isp.example>`,
    `<"anna" @isp.example>`,
    `<"bank@bank.example"@isp.example>`,
    `Anna.<${ANNA}>`,
    'x'.repeat(20_000),
  ])
    assert.equal(from(value).clear, false, value)
})

test('what is quoted over the end of a line has no address in it', () => {
  const folded = (head: string) =>
    authorsOf(parseHeader(Buffer.from(`From: ${head}\r\n\r\n`)).fields).clear
  assert.equal(folded(`"anna@isp.example"\r\n <${ANNA}>`), true)
  assert.equal(folded(`"Anna\r\n Maria Ek"\r\n <${ANNA}>`), true)
  assert.equal(folded(`Anna\r\n Maria Ek <${ANNA}>`), true)
  assert.equal(folded(`"Anna\r\n <bank@bank.example>" <${ANNA}>`), false)
  assert.equal(folded(`"Anna\r\n (Ek)" <${ANNA}>`), false)
  assert.equal(folded(`(Anna\r\n <bank@bank.example>) ${ANNA}`), false)
})

test('one field and no more', () => {
  assert.deepEqual(from(), { addresses: [], clear: false, more: false })
  const twice = from(ANNA, ANNA)
  assert.deepEqual(twice, { addresses: [ANNA], clear: false, more: false })
  assert.deepEqual([...from(ANNA, 'b@isp.example').addresses], [ANNA, 'b@isp.example'])
})

test('a name of more marks in a row than any language has may be any name', () => {
  const marks = '\u0315\u0323'.repeat(16)
  const { clear, more } = from(`] x@a${marks}.example <${ANNA}>`)
  assert.deepEqual({ clear, more }, { clear: false, more: true })
  assert.equal(from(`"a${marks}" <${ANNA}>`).clear, true)
})

test('what is left unread of a From made to be slow may have more authors', () => {
  const { clear, more } = from(`] x@a ${'(a "b" =?utf-8?q?=40c?= <d>) @b '.repeat(50)}<${ANNA}>`)
  assert.deepEqual({ clear, more }, { clear: false, more: true })
})
