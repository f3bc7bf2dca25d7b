import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../failures.ts'
import type { Facts } from './finding.ts'
import { answered, QUESTIONS } from './questions.ts'

const POSTFIX: Facts = {
  postfix: { port: 25, submission: true, mynetworks: [] },
  hostname: 'mx.example.org',
  domains: ['example.org'],
}
const usual = async (_question: unknown, value: string) => value

test('what was found for sure is not asked, and an option answers before', async () => {
  const asked: string[] = []
  const ask = async ({ name }: { readonly name: string }, value: string) => {
    asked.push(name)
    return value
  }
  const answers = await answered({ facts: POSTFIX, told: { operator: 'noc@example.net' }, ask })
  assert.deepEqual(asked, ['stands', 'consumers'])
  assert.deepEqual(answers, {
    hostname: 'mx.example.org',
    domains: ['example.org'],
    stands: 'beside',
    operator: 'noc@example.net',
    consumers: [],
  })
})

test('there are five questions, and each says what its answer does', () => {
  assert.equal(QUESTIONS.length, 5)
  for (const { does, name } of QUESTIONS) assert.ok(does.endsWith('.') && does.length > 40, name)
})

test('an answer that cannot be is asked again; of an option it is an error that names it', async () => {
  const given = ['mail', 'mail.example.org']
  const heard: string[] = []
  const answers = await answered({
    facts: {},
    told: { domains: 'example.org' },
    ask: async ({ name }, value) => (name === 'hostname' ? (given.shift() ?? '') : value),
    again: why => void heard.push(why),
  })
  assert.equal(answers.hostname, 'mail.example.org')
  assert.equal(heard.length, 1)
  for (const [name, value] of Object.entries({
    hostname: 'mail',
    domains: 'a b@c',
    stands: 'beside',
    operator: 'noc',
    consumers: '192.0.2.7/24',
  })) {
    const told = { hostname: 'mail.example.org', [name]: value }
    const isItself = (error: unknown) =>
      error instanceof UsageError && error.message.startsWith(`--${name}: `)
    await assert.rejects(answered({ facts: {}, told, ask: usual }), isItself)
  }
})
