// Stories about rules: folders in policy/, each with what it is about (a story) and the mail (mail.txt, see mail-script.ts). The
// engine is the one that runs live; what the DNS would say stands in the story. Every rule has one, and each is told twice: as it
// is, and with the rule off, when nothing of it may happen.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { episodesOf } from '../../src/config/episodes-of.ts'
import { parseConfig } from '../../src/config/load.ts'
import { policyOf } from '../../src/config/policy-of.ts'
import { RULE_NAMES } from '../../src/core/policy/shipped-rules.ts'
import { subscriberOf } from '../../src/drivers/directory/take-over.ts'
import type { Authentication } from '../../src/model/authentication.ts'
import type { ProtocolViolation } from '../../src/model/protocol-violation.ts'
import type { Fact, Question } from '../../src/model/question.ts'
import { REASONS } from '../../src/model/reason.ts'
import type { Step } from '../../src/model/step.ts'
import type { Judgement } from '../../src/model/verdict.ts'
import type { Counters } from '../../src/ports/counters.ts'
import { type VirtualCordon, virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { knownOf, type Letter, parseScript, type Script } from './mail-script.ts'

const FOLDER = join(import.meta.dirname, 'policy')

const TOWN = `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [desk@isp.example]
subscribers:
  - { id: "anna", logins: [{ name: anna@isp.example }] }
  - { id: "bert", logins: [{ name: bert@isp.example }] }
`
const DOWN: Counters = { apply: async () => ({ failed: 'the store is down' }) }

/** `off`: a rule that is turned off, whatever the story says. */
async function townOf(script: Script, clock: { at: number }, off?: string): Promise<VirtualCordon> {
  const config = parseConfig(`${TOWN}${script.config}`)
  const policy = policyOf(config)
  const modes = off === undefined ? policy.modes : { ...policy.modes, [off]: 'off' as const }
  const ask = async (question: Question): Promise<Fact> => {
    const { about } = question
    if (script.silent.has(about)) return { about, failed: 'silent' }
    const value =
      question.about === 'recipient'
        ? /^(?:anna|bert|desk|postmaster)@/.test(question.address)
        : knownOf(script.knows, question)
    return { about, value } as Fact
  }
  return virtualCordon({
    subscribers: config.subscribers.map(subscriberOf),
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: config.domains,
    forwards: {},
    policy: { ...policy, modes },
    budgets: config.budgets,
    episodes: episodesOf(config),
    now: () => clock.at,
    lookups: { ask },
    authenticator: { check: async from => authentication(script, from.sender) },
    // Two words that a scanner knows.
    scanner: {
      name: 'words',
      sees: 'all',
      scan: async ({ summary: { text } }) => {
        if (script.silent.has('scan')) return { content: 'unseen', failed: 'silent' }
        if (text.includes('EICAR')) return { content: 'spam', virus: 'Eicar' }
        return text.includes('GTUBE') ? { content: 'spam', refuse: true } : { content: 'clean' }
      },
    },
    ...(script.storeIsDown ? { counters: DOWN } : {}),
  })
}

/** `knows: dmarc DOMAIN RESULT POLICY [SEALER FOUND]` and `knows: dkim DOMAIN RESULT`. */
function authentication(script: Script, sender: string): Authentication {
  const domain = sender.slice(sender.lastIndexOf('@') + 1)
  const of = (about: string) =>
    script.knows.find(line => line[0] === about && line[1] === domain) ?? []
  const [, , result = 'none', policy = 'none', sealer, found] = of('dmarc')
  return {
    spf: { result: of('spf')[2] ?? 'none', domain },
    dkim: of('dkim')[2] ? [{ result: of('dkim')[2] ?? '', domain }] : [],
    dmarc: { result, domain, policy: policy as 'none' },
    arc: sealer
      ? { result: 'pass', sealer, ...(found ? { dmarcBefore: found } : {}) }
      : { result: 'none' },
    header: '',
  }
}

/** What comes of a letter, in the words of the stories. */
async function sent(cordon: VirtualCordon, letter: Letter): Promise<string> {
  const { at, address, helo, login, sender, violations } = letter
  const base = {
    session: letter.line,
    listener: letter.port === 25 ? ('inbound' as const) : ('submission' as const),
    at,
    client: { realm: 'main', address, port: 4000 },
    tls: true,
    helo,
    ...(login === undefined ? {} : { login }),
    ...(violations.length > 0 ? { violations: violations as ProtocolViolation[] } : {}),
  }
  const greeted = words(await cordon.engine.judge({ ...base, stage: 'helo' }))
  if (greeted !== 'taken') return greeted
  const mail: Step = { ...base, stage: 'mail', sender }
  const begun = words(await cordon.engine.judge(mail))
  if (begun !== 'taken') return begun
  const recipients: string[] = []
  let last = 'taken'
  for (const recipient of letter.recipients) {
    const step: Step = { ...mail, stage: 'rcpt', recipient, accepted: recipients.length }
    last = words(await cordon.engine.judge(step))
    // A hold is a forecast here.
    if (last === 'taken' || last.startsWith('held')) recipients.push(recipient)
  }
  if (recipients.length === 0) return last
  const draft = await cordon.engine.open({
    ...base,
    sender,
    recipients,
    extended: true,
    esmtp: {},
  })
  await draft.write(Buffer.from(message(letter)))
  const judged = await draft.finish()
  const { message: id } = judged
  const waiting = id === undefined ? [] : await cordon.spool.list({ message: id, state: 'paced' })
  return waiting.length > 0 ? 'waits' : words(judged)
}

function message({ sender, text, file, fields }: Letter): string {
  const head = [`From: <${sender || 'postmaster@meadow.example'}>`, 'Subject: hello', ...fields]
  const parts =
    file === undefined ? ['', text] : [`Content-Type: application/x; name="${file}"`, '', 'MZ']
  return [...head, ...parts, ''].join('\r\n')
}

function words({ verdict }: Judgement): string {
  switch (verdict.kind) {
    case 'accept':
      return 'taken'
    case 'discard':
      return 'thrown away'
    case 'hold':
      return `held ${REASONS[verdict.reason].token}`
    case 'defer':
      return `put off ${REASONS[verdict.reason].token}`
    case 'reject':
      return `refused ${REASONS[verdict.reason].token}`
    default:
      return verdict satisfies never
  }
}

async function told(script: Script, off?: string): Promise<{ line: string; end: string }[]> {
  const clock = { at: 0 }
  const cordon = await townOf(script, clock, off)
  const ends: { line: string; end: string }[] = []
  for (const letter of script.letters) {
    clock.at = letter.at
    ends.push({ line: letter.line, end: await sent(cordon, letter) })
  }
  await cordon.engine.idle()
  await cordon.close()
  return ends
}

/** `spf`, or `spf, with a store that is down`: the rule is the first word. */
for (const name of readdirSync(FOLDER)) {
  const script = parseScript(readFileSync(join(FOLDER, name, 'mail.txt'), 'utf8'))
  const wanted = script.letters.map(({ line, end }) => ({ line, end }))
  test(`policy: ${name}`, async () => {
    assert.deepEqual(await told(script), wanted)
    assert.ok(existsSync(join(FOLDER, name, 'story.md')))
  })
  const rule = RULE_NAMES.find(one => one === name)
  if (!rule || wanted.every(({ end }) => end === 'taken')) continue
  test(`policy: ${name} is what does it`, async () => {
    assert.notDeepEqual(await told(script, rule), wanted)
  })
}

test('every rule has a story', () => {
  const stories = new Set(readdirSync(FOLDER))
  assert.deepEqual(
    RULE_NAMES.filter(name => !stories.has(name)),
    [],
  )
})
