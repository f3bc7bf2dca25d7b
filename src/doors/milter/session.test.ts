import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCEPT, type Verdict } from '../../model/verdict.ts'
import { INITIAL, type Input, type Reaction, step } from './session.ts'

const SETUP = {
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  skipRules: [],
  maxSize: 1000,
} as const

test('a message has a thousand recipients at most; the next are deferred, and the message goes on', () => {
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
  assert.deepEqual(rcpt(1000).say, [{ kind: 'reply', text: '452 4.5.3 Too many recipients' }])
  const { open } = tell({ kind: 'body', bytes: Buffer.from('hello') })
  assert.equal(open?.recipients.length, 1000)
})

test('a login is asked about also where its address is unknown; without one there is no subject to ask about', () => {
  const said = (login: string): readonly (string | undefined)[] => {
    let state = INITIAL
    const steps: (string | undefined)[] = []
    const tell = (input: Input): Reaction => {
      const reaction = step(state, input, SETUP, { at: 0, session: 's' })
      state = reaction.state
      const { ask, open } = reaction
      if (open) steps.push(`open ${open.login}`)
      if (ask?.ask !== 'judge') return reaction
      steps.push(`${ask.step.stage} ${ask.step.listener} ${ask.step.login}`)
      return tell({ kind: 'judged', asked: ask, judgement: { verdict: ACCEPT } })
    }
    tell({ kind: 'connect', family: 'U', address: '', port: 0 })
    tell({ kind: 'helo', name: 'webmail.example' })
    tell({ kind: 'macros', of: 'M', values: new Map([['auth_authen', login]]) })
    tell({ kind: 'mail', path: 'anna@isp.example', params: [] })
    tell({ kind: 'rcpt', path: 'a@meadow.example', params: [] })
    tell({ kind: 'body', bytes: Buffer.from('hello') })
    return steps
  }
  const asked = ['mail', 'rcpt'].map(stage => `${stage} submission anna@isp.example`)
  assert.deepEqual(said('anna'), [...asked, 'open anna@isp.example'])
  assert.deepEqual(said(''), [])
})

test('what Postfix says of mail that sendmail handed in is told from a program’s SMTP', () => {
  const local = (port: number, login?: string) => {
    const from = { kind: 'connect', family: '4', address: '127.0.0.1', port } as const
    let { state } = step(INITIAL, from, SETUP, { at: 0, session: 's' })
    if (login !== undefined) state = { ...state, macros: new Map([['auth_authen', login]]) }
    const mail = { kind: 'mail', path: 'anna@isp.example', params: [] } as const
    const { ask } = step(state, mail, SETUP, { at: 0, session: 's' })
    return ask?.ask === 'judge' && ask.step.local
  }
  assert.equal(local(0), true)
  assert.equal(local(4711), undefined)
  assert.equal(local(0, 'anna'), undefined)
})

test('a message that is too large is refused by name, like anything else', () => {
  let state = INITIAL
  const tell = (input: Input): Reaction => {
    const reaction = step(state, input, SETUP, { at: 0, session: 's' })
    state = reaction.state
    return reaction
  }
  const answered = ({ ask }: Reaction, verdict: Verdict = ACCEPT): Reaction => {
    assert.ok(ask)
    return tell({ kind: 'judged', asked: ask, judgement: { verdict } })
  }
  tell({ kind: 'connect', family: '4', address: '198.51.100.7', port: 1 })
  answered(tell({ kind: 'mail', path: 'ann@meadow.example', params: [] }))
  answered(tell({ kind: 'rcpt', path: 'anna@isp.example', params: [] }))
  tell({ kind: 'body', bytes: Buffer.alloc(800, 'x') })
  const over = tell({ kind: 'end', bytes: Buffer.alloc(800, 'x') })
  assert.equal(over.drop, true)
  const asked = over.ask?.ask === 'judge' ? over.ask.step : undefined
  assert.deepEqual([asked?.fault, asked?.recipients], ['message-too-large', ['anna@isp.example']])
  const refused = { kind: 'reject', reason: 'message-too-large', help: 'id x' } as const
  const [reply] = answered(over, refused).say
  assert.match(reply?.kind === 'reply' ? reply.text : '', /^552 5\.3\.4 \[size\] .*\(id x\)$/)
})
