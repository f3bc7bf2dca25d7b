// What all look-ups must do: whatever fails behind one is a fact that says so. What each question finds: src/drivers/lookups/.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookups, type LookupParts } from '../../src/drivers/lookups/lookups.ts'
import { onlyRecipients } from '../../src/drivers/lookups/only-recipients.ts'
import type { Question } from '../../src/model/question.ts'
import type { Lookups } from '../../src/ports/lookups.ts'
import type { Recipients } from '../../src/ports/recipients.ts'

const broken = () => {
  throw new Error('broken')
}
const found: Pick<Recipients, 'find'> = {
  find: async address =>
    address.startsWith('anna@') ? { kind: 'mailbox', name: address } : undefined,
}

/** With nothing behind them that answers but, perhaps, the recipients. */
const behind = (recipients: Pick<Recipients, 'find'>) =>
  ({
    recipients,
    resolver: new Proxy({}, { get: broken }),
    lists: { ask: broken },
    geo: broken,
    spf: broken,
    quotaStatus: broken,
  }) as unknown as LookupParts

const LOOKUPS: Readonly<Record<string, (recipients: Pick<Recipients, 'find'>) => Lookups>> = {
  all: recipients => lookups(behind(recipients)),
  'only recipients': onlyRecipients,
}

const address = '203.0.113.7'
const QUESTIONS: readonly Question[] = [
  { about: 'recipient', address: 'anna@isp.example' },
  { about: 'mailbox-full', address: 'anna@isp.example', size: 1 },
  { about: 'reverse-name', address },
  { about: 'organisation', address },
  { about: 'host', name: 'far.example' },
  { about: 'listed', zone: 'list.example', of: address },
  { about: 'place', address },
  { about: 'spf-breadth', domain: 'far.example' },
  { about: 'spf', address, sender: 'a@far.example', helo: 'far.example' },
]

for (const [name, open] of Object.entries(LOOKUPS)) {
  test(`${name}: whether a recipient is there is known without DNS`, async () => {
    const { ask } = open(found)
    for (const [one, value] of [
      ['anna@isp.example', true],
      ['nobody@isp.example', false],
    ] as const)
      assert.deepEqual(await ask({ about: 'recipient', address: one }), {
        about: 'recipient',
        value,
      })
  })

  test(`${name}: it never rejects: what fails is a fact about what was asked`, async () => {
    const { ask } = open({ find: broken })
    for (const question of QUESTIONS) {
      const fact = await ask(question)
      assert.equal(fact.about, question.about)
      assert.ok('failed' in fact && fact.failed !== '', JSON.stringify(fact))
    }
  })
}
