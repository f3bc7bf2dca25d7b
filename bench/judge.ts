// engine.judge at RCPT with the shipped rules, a million known subscribers who have all sent mail today.

import { policyOf } from '../src/config/policy-of.ts'
import { batv } from '../src/mail/batv.ts'
import { shippedRules } from '../src/core/policy/shipped-rules.ts'
import { MemoryCounters } from '../src/drivers/counters/memory.ts'
import { memoryLeases } from '../src/drivers/directory/leases-memory.ts'
import { onlyRecipients } from '../src/drivers/lookups/only-recipients.ts'
import { configuredRecipients } from '../src/drivers/directory/recipients-configured.ts'
import { memorySubscribers } from '../src/drivers/directory/subscribers-memory.ts'
import { attribute } from '../src/engine/evidence/attribute.ts'
import { createJudge } from '../src/engine/judging/judge.ts'
import { checkConfig } from '../src/config/load.ts'
import type { Step } from '../src/model/step.ts'
import { setTimeout as pause } from 'node:timers/promises'
import { alone, type Row } from './pairs.ts'

const AT = Date.UTC(2026, 0, 5, 12)
const ROUNDS = 30_000

export async function benchJudge(subscribers = 1_000_000): Promise<Row[]> {
  const config = checkConfig({})
  const id = (i: number) => String(10_000_000 + i)
  const login = (i: number) => `user${i}@isp.example`
  const address = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
  const people = memorySubscribers(
    (function* () {
      for (let i = 0; i < subscribers; i++) {
        const name = login(i)
        yield {
          id: id(i),
          plan: 'consumer' as const,
          flags: NONE,
          language: 'en',
          contacts: NONE,
          logins: [{ name, addresses: [name] }],
        }
      }
    })(),
  )
  const leases = memoryLeases(
    (function* () {
      for (let i = 0; i < subscribers; i++)
        yield { realm: 'main', prefix: `${address(i)}/32`, subscriber: id(i), from: 0 }
    })(),
  )
  const counters = new MemoryCounters()
  const recipients = configuredRecipients(
    {
      domains: ['isp.example'],
      forwards: {},
      mailboxes: [],
      hostname: 'mail.isp.example',
      recipientDelimiter: '+',
    },
    people,
  )
  const rules = shippedRules({
    ...policyOf(config),
    tags: batv('a secret'),
    isLocal: domain => recipients.isLocal(domain),
    isOurs: address => recipients.isOurs(address),
    ourNames: ['mail.isp.example'],
  })
  const parts = { leases, subscribers: people, cases: { inForce: () => [] } }
  const judge = createJudge({
    ...parts,
    rules,
    counters,
    lookups: onlyRecipients(recipients),
    report: () => undefined,
  })
  const step = (n: number): Step => {
    const i = (n * 7919) % subscribers
    return {
      session: 's',
      listener: 'submission',
      stage: 'rcpt',
      at: AT,
      client: { realm: 'main', address: address(i), port: 40_000 },
      tls: true,
      helo: 'home',
      login: login(i),
      sender: login(i),
      recipient: n % 4 === 0 ? login((n * 31) % subscribers) : `friend${n}@elsewhere.example`,
      accepted: 0,
    }
  }
  // All customers have sent one message today, counted by the rules' own operations.
  for (let i = 0; i < subscribers; i++) {
    const sent = attribute(parts, { ...step(i), stage: 'message', at: AT - (i % 3_000_000) })
    const counted = { ...sent, recipients: [sent.recipient ?? ''], firstTime: 1 }
    for (const rule of rules)
      counters.apply({ at: sent.at, mode: 'take', ops: rule.counts?.(counted, []) ?? [] })
  }
  const rates: number[] = []
  for (let round = 0; round < 6; round++) {
    const steps = Array.from({ length: ROUNDS }, (_, n) => step(round * ROUNDS + n))
    const began = performance.now()
    for (const one of steps) await judge.judge(one)
    if (round > 0) rates.push((ROUNDS / (performance.now() - began)) * 1000)
  }
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await pause(200)
  }
  const memory = process.memoryUsage().rss / 2 ** 20
  // Everything is still in use: what is not asked for any more would have been forgotten and not counted.
  await judge.judge(step(0))
  const size = subscribers.toLocaleString('en')
  return [
    alone(
      {
        name: `engine.judge at RCPT, ${size} subscribers`,
        unit: 'a second',
        target: 100_000,
        better: 'more',
      },
      rates,
    ),
    alone(
      {
        name: `memory with ${size} subscribers, all of whom sent mail today`,
        unit: 'MiB',
        target: 1024,
        better: 'less',
      },
      [memory],
    ),
  ]
}

const NONE: readonly never[] = Object.freeze([])
