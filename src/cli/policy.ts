// `cordon policy check`: one transaction through the rules, step by step, and what each of them says of it. Nothing is
// counted, and no notice is sent.

import { Command } from 'commander'
import type { Explained } from '../engine/judging/explain.ts'
import { refusalText } from '../mail/reply-text.ts'
import { canonicalIp } from '../model/ip.ts'
import type { Fact } from '../model/question.ts'
import { LISTENERS, type ListenerKind, type Step } from '../model/step.ts'
import { type ControlOptions, explained } from './control-client.ts'
import { UsageError } from './failures.ts'
import { suggestCommand } from './policy-suggest.ts'
import { whole } from './in-json.ts'
import { sayList } from './list-pages.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'

type PolicyOptions = ControlOptions & {
  readonly from: string
  readonly to: string
  readonly ip: string
  readonly helo?: string
  readonly login?: string
  readonly listener?: ListenerKind
}
export function policyCommand(): Command {
  const check = controlOptions(
    new Command('check')
      .description('evaluate each rule for one transaction, step by step')
      .requiredOption('--from <address>', 'envelope sender; <> for a bounce')
      .requiredOption('--to <address>', 'recipient')
      .requiredOption('--ip <address>', 'address of the client')
      .option('--helo <name>', 'name in HELO or EHLO')
      .option('--login <name>', 'login of the client, if it has one')
      .option(
        '--listener <kind>',
        `${LISTENERS.join(', ')}; submission with a login, else inbound`,
      ),
  ).action(
    sayingWhy(async (given: PolicyOptions) => {
      const steps = stepsOf(given)
      const all: { step: Step; lines: readonly Explained[] }[] = []
      for (const step of steps)
        all.push({ step, lines: await explained<readonly Explained[]>(given, step) })
      sayList(given, whole(all), shown)
    }),
  )
  return new Command('policy').addCommand(check).addCommand(suggestCommand())
}

function stepsOf({ from, to, ip, helo, login, listener }: PolicyOptions): Step[] {
  const address = canonicalIp(ip)
  if (address === undefined) throw new UsageError(`${ip} is no IP address.`)
  if (listener !== undefined && !LISTENERS.includes(listener))
    throw new UsageError(`${listener} is no listener. Write one of: ${LISTENERS.join(', ')}.`)
  const base = {
    session: 'check',
    listener: listener ?? (login === undefined ? 'inbound' : 'submission'),
    at: Date.now(),
    client: { realm: 'main', address, port: 40_000 },
    tls: true,
    helo: helo ?? `[${address}]`,
    ...(login === undefined ? {} : { login: login.toLowerCase() }),
  } as const
  const sender = from === '<>' ? '' : from
  return [
    { ...base, stage: 'helo' },
    ...(login === undefined ? [] : [{ ...base, stage: 'auth' } as const]),
    { ...base, stage: 'mail', sender },
    { ...base, stage: 'rcpt', sender, recipient: to, accepted: 0 },
  ]
}

function shown(
  all: readonly { readonly step: Step; readonly lines: readonly Explained[] }[],
): string {
  const out: string[] = []
  let end: string | undefined
  for (const { step, lines } of all) {
    const about = {
      helo: step.helo,
      auth: step.login,
      mail: step.sender || '<>',
      rcpt: step.recipient,
    }
    out.push(`${step.stage.padEnd(5)} ${about[step.stage as keyof typeof about] ?? ''}`)
    if (lines.length === 0) out.push('      no rule is asked')
    for (const line of lines) {
      out.push(`      ${line.rule.padEnd(17)} ${line.mode.padEnd(8)} ${wordsOf(line)}`)
      for (const fact of line.facts) out.push(`${' '.repeat(32)}${factWords(fact)}`)
      const refused = line.verdict.kind !== 'accept' && line.mode === 'enforce' && !line.skipped
      if (refused) end ??= `${line.verdict.kind} by ${line.rule} at ${step.stage}`
    }
  }
  out.push(
    '',
    `Altogether: ${end ?? 'accepted, as far as can be said before the message is there'}`,
  )
  return out.join('\n')
}

function wordsOf({ verdict, skipped, onlyOfPublic, mode }: Explained): string {
  if (skipped) return 'not evaluated: an access list skips it'
  if (onlyOfPublic && verdict.kind === 'accept') return 'not evaluated for private addresses'
  const would = mode === 'observe' ? 'would say ' : ''
  switch (verdict.kind) {
    case 'accept':
      return verdict.skipRules === undefined
        ? 'nothing against it'
        : 'accepted: later rules are skipped'
    case 'reject':
      return `${would}${refusalText(verdict.reason, 5)}`
    case 'defer':
      return `${would}${refusalText(verdict.reason, 4)}`
    case 'hold':
    case 'discard':
      return `${would}${verdict.kind}: ${verdict.reason}`
    default:
      return verdict satisfies never
  }
}

const factWords = (fact: Fact): string =>
  'failed' in fact
    ? `${fact.about}: not known (${fact.failed})`
    : `${fact.about}: ${typeof fact.value === 'boolean' ? (fact.value ? 'yes' : 'no') : JSON.stringify(fact.value)}`
