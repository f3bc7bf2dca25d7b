// When the counters fail, or a lookup gets no answer, each rule does what it has declared, and nothing else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributed, judging, NO_ANSWER, RCPT, said } from '../../../test/support/judging.ts'
import { policyOf } from '../../config/policy-of.ts'
import { parseConfig } from '../../config/load.ts'
import { batv } from '../../mail/batv.ts'
import type { AttributedStep } from '../../model/step.ts'
import { RULE_NAMES, shippedRules } from './shipped-rules.ts'

const config = parseConfig(`
domains: [isp.example]
rules: { ${RULE_NAMES.map(name => `${name}: enforce`).join(', ')} }
strangers: { lists: [{ zone: bl.example }], greylist: { knownGood: [good.example] } }
access: { entries: [{ match: { name: [x.example] }, action: reject }] }
quotas: [{ name: all, listeners: [inbound, submission], per: [address], limit: 1, in: 1h }]
`)
const rules = shippedRules({
  ...policyOf(config),
  isLocal: domain => domain === 'isp.example',
  isOurs: address => address.endsWith('@isp.example'),
  ourNames: ['mail.isp.example'],
  tags: batv('secret'),
})
const down = { apply: async () => ({ failed: 'the store is down' }) }

for (const rule of rules) {
  for (const listener of rule.listeners)
    for (const stage of rule.stages) {
      const login = listener === 'submission' ? { login: 'anna@isp.example' } : {}
      const step: AttributedStep = { ...attributed({ ...RCPT, listener, stage, ...login }) }
      const whole = { ...step, recipients: ['bert@isp.example'] }
      const asks = (rule.asks?.(whole) ?? []).length > 0
      const counts = (rule.counts?.(whole, []) ?? []).length > 0
      if (!asks && !counts) continue
      test(`${rule.name} at ${listener}, ${stage}: ${rule.onFailure}`, async () => {
        const { message } = judging([rule], NO_ANSWER, down)
        const wanted = rule.onFailure === 'defer' ? 'defer try-later' : 'accept'
        assert.equal(said(await message(whole)), wanted)
      })
    }
}
