import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Summarizer } from '../../mail/summary.ts'
import type { AttributedStep } from '../../model/step.ts'
import { senderBelongs } from './sender-belongs.ts'

const MINE = 'anna@isp.example'

function told(from: string): string {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(`From: ${from}\r\n\r\nhello\r\n`, 'latin1'))
  const step: Partial<AttributedStep> = {
    stage: 'message',
    listener: 'submission',
    login: MINE,
    sender: MINE,
    addresses: [MINE],
    message: summarizer.finish(MINE),
  }
  const verdict = senderBelongs('enforce').decide(step as AttributedStep, {
    facts: [],
    readings: [],
  })
  return verdict?.kind === 'reject' ? `${verdict.reason}: ${verdict.help}` : 'taken'
}

test('who writes an address in front of the own one is told to put it in double quotes', () => {
  assert.equal(
    told(`chief@bank.example <${MINE}>`),
    'from-unclear: put the name in double quotes (it has @ in it): write it as "chief@bank.example" <anna@isp.example>; may be read as chief@bank.example or anna@isp.example [From: chief@bank.example <anna@isp.example>]',
  )
  assert.equal(told(`"chief@bank.example" <${MINE}>`), 'taken')
  assert.equal(told(`${MINE} <${MINE}>`), 'taken')
})

test('who writes under an address of others is told which one it is', () => {
  for (const from of [
    `${MINE} <chief@bank.example>`,
    `chief@bank.example`,
    `${MINE}, chief@bank.example`,
    `<${MINE}>, <chief@bank.example>`,
    `chief@bank.example, Anna <${MINE}>`,
  ])
    assert.equal(told(from), 'sender-not-yours: From is chief@bank.example', from)
})

test('an own address that is quoted without need is an own address', () => {
  assert.equal(told('Anna <"anna"@isp.example>'), 'taken')
  assert.equal(told('"ANNA"@isp.example'), 'taken')
})

test('a name that mail programs encode is taken; one with the address of another in it says what to do', () => {
  for (const name of [
    'Anna_=40_B=C3=BCro',
    'M=C3=BCller=2C_Anna_=40Firma',
    'B=C3=BCro_anna=40isp.example',
  ])
    assert.equal(told(`=?utf-8?q?${name}?= <${MINE}>`), 'taken', name)
  for (const name of ['Anna@Home', 'Anna; Bert', 'Re: Anna'])
    assert.equal(told(`${name} <${MINE}>`), 'taken', name)
  assert.match(
    told(`=?utf-8?q?B=C3=BCro_chief=40bank.example?= <${MINE}>`),
    /^from-unclear: take the address out of the name: write it as "Buro" <anna@isp\.example>; /,
  )
})
