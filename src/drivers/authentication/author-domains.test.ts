import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dkimVerify } from 'mailauth'
import { authorDomains } from './author-domains.ts'

async function domains(from: string) {
  const resolver = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
  return authorDomains({
    dkim: await dkimVerify(Buffer.from(`From: ${from}\r\n\r\nhi\r\n`), { resolver }),
  })
}

test('a name that is no address of anybody changes nothing of what DMARC asks for', async () => {
  for (const name of [
    '=?utf-8?q?Anna_=40_B=C3=BCro?=',
    '=?utf-8?q?M=C3=BCller=2C_Anna_=40bank?=',
    '=?utf-8?q?B=C3=BCro_x=40shop.example?=',
    'Anna@Home',
    'Anna; Bert',
    'Re: Anna',
  ])
    assert.deepEqual(await domains(`${name} <x@shop.example>`), ['shop.example'], name)
})

test('an address in a name is asked for, and so is an author at a word', async () => {
  for (const name of [
    '=?utf-8?q?chief=40bank.example=2Cx?=',
    '=?utf-8?q?M=C3=BCller=40bank.example?=',
  ])
    assert.ok((await domains(`${name} <x@shop.example>`))?.includes('bank.example'), name)
  assert.deepEqual(await domains('root@home'), ['home'])
  assert.ok((await domains('x@shop.example, root@home'))?.includes('home'))
})
