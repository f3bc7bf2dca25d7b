import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from './codec.ts'
import { negotiate } from './negotiate.ts'
import { INITIAL, type State, step } from './session.ts'

const ALL = { kind: 'negotiate', version: 6, actions: 0x1ff, steps: 0x1f_ffff } as const

test('the name of the message is asked for where the server lets us say which macros we want, and DATA is told', () => {
  const { reply, unanswered } = negotiate(ALL)
  assert.ok(reply.kind === 'negotiate')
  assert.deepEqual(
    reply.macros.map(({ before, names }) => [before, names]),
    [
      [2, 'i {auth_authen} {tls_version}'],
      [4, 'i'],
      [5, 'i'],
    ],
  )
  assert.equal(reply.steps & (1 << 9), 0)
  assert.ok(unanswered.has('data'))
  const packet = Buffer.from(encode(reply)).toString('latin1')
  assert.ok(packet.endsWith('{tls_version}\0\0\0\0\x04i\0\0\0\0\x05i\0'))
  const old = negotiate({ ...ALL, actions: 0x3f }).reply
  assert.ok(old.kind === 'negotiate' && old.macros.length === 0)
  assert.equal(encode(old).length, 4 + 1 + 12)
})

test('each message has the name that was told for it, before its first byte; another has none of it', () => {
  const setup = {
    listener: 'inbound',
    realm: 'main',
    domain: 'isp.example',
    skipRules: [],
  } as const
  let state: State = { ...INITIAL, client: { realm: 'main', address: '198.51.100.7', port: 1 } }
  const tell = (input: Parameters<typeof step>[1]) => {
    const reaction = step(state, input, { ...setup, maxSize: 1000 }, { at: 0, session: 's' })
    state = reaction.state
    return reaction
  }
  const macros = (of: string, ...values: (readonly [string, string])[]) =>
    tell({ kind: 'macros', of, values: new Map(values) })
  const opened = (...told: (readonly [string, string])[]) => {
    macros('M', ['auth_authen', 'anna'])
    tell({ kind: 'mail', path: 'anna@isp.example', params: [] })
    state = {
      ...state,
      mail: { sender: 'anna@isp.example', recipients: ['bert@a.example'], size: 0 },
    }
    macros('T', ...told)
    assert.deepEqual(tell({ kind: 'data' }).say, [{ kind: 'continue' }])
    return tell({ kind: 'header', name: 'Subject', value: 'x' }).open?.keptAs
  }
  assert.equal(opened(['i', '4cXKCk1bC5z3Pl']), '4cXKCk1bC5z3Pl')
  assert.equal(opened(), undefined)
})
