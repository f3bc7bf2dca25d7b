import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Authentication } from '../../model/authentication.ts'
import type { AttributedStep } from '../../model/step.ts'
import { dmarc } from './dmarc.ts'

const rule = dmarc('enforce', { sealers: [] })
function decided(found: Authentication['dmarc']) {
  const authentication = { dmarc: found, arc: { result: 'none' } } as Authentication
  return rule.decide({ authentication } as AttributedStep, { readings: [], answers: {} } as never)
}

test('a refusal says what is so: whose policy it is, what is wrong with From, or that the DNS was silent', () => {
  const domain = 'bank.example'
  const said = (result: string, policy: Authentication['dmarc']['policy'] = 'none') => {
    const verdict = decided({ result, policy, domain: result === 'fail' ? domain : '' })
    return verdict && 'help' in verdict ? `${verdict.kind}: ${verdict.help}` : ''
  }
  assert.match(said('several'), /^reject: it has several From fields; write one$/)
  assert.match(said('permerror'), /^reject: its From has no legal domain.* anna@example\.org$/)
  assert.match(said('temperror', 'unknown'), /^defer: the DNS did not answer; please send/)
  assert.match(said('fail', 'reject'), /^reject: bank\.example asks to refuse .*own server$/)
  assert.equal(said('fail', 'quarantine'), '')
  const silent = decided({ result: 'temperror', policy: 'reject', domain })
  assert.ok(
    silent?.kind === 'defer' && /bank\.example asks .* the DNS did not/.test(silent.help ?? ''),
  )
})
