// docs/reasons.md: every reason with its token, the codes with which it can be sent, and its sentence.

import { type Reason, REASONS } from '../../src/model/reason.ts'
import { reasonEnds } from './reason-ends.ts'

const ends = reasonEnds()

/** `550 5.7.1`, or nothing where a reason never ends so. */
function replyOf(reason: Reason, end: 'reject' | 'defer'): string {
  const { status, ...codes } = REASONS[reason]
  return ends.get(reason)?.includes(end)
    ? `${codes[end]} ${end === 'reject' ? 5 : 4}.${status}`
    : ''
}

export function reasonsPage(made: string): string {
  const rows = (Object.keys(REASONS) as Reason[]).map(reason => {
    const taken = (['hold', 'discard'] as const).filter(end => ends.get(reason)?.includes(end))
    const kept = taken.map(end => ({ hold: '250, held', discard: '250, discarded' })[end])
    return `| \`${reason}\` | \`[${REASONS[reason].token}]\` | ${replyOf(reason, 'reject')} | ${replyOf(reason, 'defer')} | ${kept.join('; ')} | ${REASONS[reason].sentence} |`
  })
  return `# Reasons

${made}
These are all reasons for which Cordon refuses, defers, holds or discards mail. The journal, the log, the metrics and the API have the reason; the
SMTP reply has its token, in brackets behind the enhanced code, and the sentence. A column is empty if the reason never has that result. A held
message is answered 250: it is on disk, and is sent, released or returned later.

| Reason | Token | Refused | Deferred | Accepted | Sentence |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}

/** What a rule answers with this reason, for docs/rules.md. */
export function saysOf(reason: Reason): string {
  const codes = [replyOf(reason, 'reject'), replyOf(reason, 'defer')].filter(Boolean)
  const kept = (['hold', 'discard'] as const).filter(end => ends.get(reason)?.includes(end))
  const { token } = REASONS[reason]
  return [...codes.map(code => `\`${code} [${token}]\``), ...kept.map(end => `${end} (250)`)].join(
    ' or ',
  )
}
