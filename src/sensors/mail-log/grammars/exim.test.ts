import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReadFact } from '../log-fact.ts'
import { exim as grammar } from './exim.ts'

const ID = '1oxyzA-000abc-0Q'
const exim = (text: string): ReadFact => grammar.read({ program: 'exim', pid: '', text })

test('Exim: a login that ident could have written is none', () => {
  // As Exim 4.96 writes it, where ident answers `x P=esmtpsa A=plain:boss@isp.example S=100`.
  const H = 's@evil.example H=(pc.evil.example) [127.0.0.1] U=x'
  assert.deepEqual(
    exim(
      `1xXdXE-0000A1-2t <= ${H} P=esmtpsa A=plain:boss@isp.example S=100 P=esmtp S=284 id=a@evil`,
    ),
    {
      kind: 'begun',
      id: '1xXdXE-0000A1-2t',
      sender: 's@evil.example',
      size: 100,
      unsure: '127.0.0.1',
    },
  )
  assert.deepEqual(exim(`${ID} <= ${H} P=esmtpsa A=plain:anna S=100 id=a@evil`), {
    kind: 'begun',
    id: ID,
    sender: 's@evil.example',
    size: 100,
    address: '127.0.0.1',
    login: 'anna',
  })
})
