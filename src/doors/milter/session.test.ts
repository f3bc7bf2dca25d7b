import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCEPT } from '../../model/verdict.ts'
import { INITIAL, type Input, type Reaction, step } from './session.ts'

const SETUP = {
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  leave: [],
  maxSize: 1000,
} as const

test('a message has a thousand recipients at most; the next are put off, and the message goes on', () => {
  let state = INITIAL
  const tell = (input: Input): Reaction => {
    const reaction = step(state, input, SETUP, { at: 0, session: 's' })
    state = reaction.state
    return reaction
  }
  const rcpt = (i: number): Reaction => {
    const path = `anna+${i}@isp.example`
    const { ask, ...said } = tell({ kind: 'rcpt', path, params: [] })
    return ask ? tell({ kind: 'judged', asked: ask, judgement: { verdict: ACCEPT } }) : said
  }
  tell({ kind: 'connect', family: '4', address: '198.51.100.7', port: 1 })
  tell({ kind: 'mail', path: 'ann@meadow.example', params: [] })
  for (let i = 0; i < 1000; i++) assert.equal(rcpt(i).say[0]?.kind, 'continue')
  assert.deepEqual(rcpt(1000).say, [
    { kind: 'reply', text: '452 4.5.3 Enough recipients for one message' },
  ])
  const { open } = tell({ kind: 'body', bytes: Buffer.from('hello') })
  assert.equal(open?.recipients.length, 1000)
})
