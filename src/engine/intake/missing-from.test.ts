import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageSummary } from '../../model/message.ts'
import type { Transaction } from '../../model/step.ts'
import { withMissingFrom } from './missing-from.ts'

const ANNA = 'anna@isp.example'
const given = (summary: Partial<MessageSummary>, more: Partial<Transaction> = {}) => {
  const whole = { summary: { noFrom: true, text: '', from: [], ...summary } as never }
  const tx = { login: ANNA, sender: ANNA, ...more } as Transaction
  const addresses = ['shop@isp.example', ANNA]
  return (how: { headerEndedAt?: { line: string; number: number } }) =>
    withMissingFrom({ ...whole, ...how }, tx, { addresses })
}

test('a receipt or an answer of a program without a sender is from the login', () => {
  for (const what of [{ receipt: true }, { autoSubmitted: true }] as const) {
    const { from, addedFrom } = given(what, { sender: '' })({})
    assert.deepEqual([from, addedFrom], [[ANNA], ANNA])
  }
  assert.equal(given({}, { sender: '' })({}).addedFrom, undefined)
  assert.equal(given({ receipt: true }, { sender: '', login: 'x' })({}).addedFrom, undefined)
})

test('what came before the line that ended it is the header; fields behind it are not ours to leave out', () => {
  for (const number of [1, 2]) {
    const how = { headerEndedAt: { line: 'The disk is full', number } }
    for (const text of ['hello', 'backup of host\nused: 40 %', 'hi\n\nFrom: quoted@x.example'])
      assert.equal(given({ text })(how).addedFrom, ANNA, text)
    for (const text of [
      'junk\nFrom: x@y.example',
      'junk\r\n subject : x',
      'junk\nTO: x@y.example',
    ]) {
      const { addedFrom, unclearFrom } = given({ text })(how)
      assert.equal(addedFrom, undefined, text)
      assert.match(unclearFrom ?? '', new RegExp(`^take line ${number} .*: The disk is full$`))
    }
  }
})

test('a name with addresses of the login alone in it is a name', () => {
  const summary = {
    from: [ANNA, 'sales@isp.example'],
    unclearFrom: 'take the address out of the name',
    unclearByName: true,
  } as unknown as MessageSummary
  const judged = (addresses: readonly string[], more: object, login: string | undefined = ANNA) =>
    withMissingFrom(
      { summary: { ...summary, ...more }, headerEndedAt: undefined },
      { login } as Transaction,
      { addresses },
    ).unclearFrom
  assert.equal(judged([ANNA, 'sales@isp.example'], {}), undefined)
  assert.notEqual(judged([ANNA], {}), undefined)
  assert.notEqual(judged([ANNA, 'sales@isp.example'], { unclearByName: undefined }), undefined)
  assert.notEqual(
    withMissingFrom({ summary, headerEndedAt: undefined }, {} as Transaction, {}).unclearFrom,
    undefined,
  )
})
