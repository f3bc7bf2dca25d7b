import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../model/event.ts'
import { eventKeysOf, firstFound } from './events.ts'
import { lineOf } from './journal-lines.ts'

test('whom it is about is written as people write it, and an id as it stands in the log', () => {
  for (const [said, ...keys] of [
    ['Anna@ISP.example', 'login:anna@isp.example', 'message-id:<Anna@ISP.example>'],
    ['<a@b.example>', 'login:a@b.example', 'message-id:<a@b.example>'],
    ['10017', 'line:10017', 'message:10017', 'refusal:10017'],
    ['192.0.2.7', 'address:192.0.2.7'],
    ['2001:DB8::7', 'address:2001:db8::7'],
    ['line:10017', 'line:10017'],
    ['message-id:<a@b.example>', 'message-id:<a@b.example>'],
    ['refusal:mwy305bs00sef836d0c', 'refusal:mwy305bs00sef836d0c'],
  ] as const)
    assert.deepEqual(eventKeysOf(said), keys)
})

test('a bare id finds its events, whatever it is the id of; a word that is nothing finds none', async () => {
  const one = { kind: 'delivery-done' } as unknown as Event
  const asked: string[] = []
  const finding = (there: string) => async (key: string) => {
    asked.push(key)
    return { rows: key === there ? [one] : [], truncated: false, unreadable: [] }
  }
  const keys = eventKeysOf('1M8DCDJSEFMFQF7B')
  const found = await firstFound(keys, finding('message:1M8DCDJSEFMFQF7B'))
  assert.deepEqual(found.rows, [one])
  assert.equal(asked.length, 2)
  assert.deepEqual((await firstFound(eventKeysOf('nosuch'), finding('-'))).rows, [])
})

test('a question for a session is answered with where to look for it', () => {
  assert.throws(() => eventKeysOf('session:1M8D'), /not found by their session.*grep 1M8D/)
})

test('the end of a decision is written as the log writes it', () => {
  const made = { kind: 'decision-made', at: 0, until: 1_795_791_146_167 } as unknown as Event
  assert.match(lineOf(made), /"until":"2026-11-27T[0-9:.]+Z"/)
})
