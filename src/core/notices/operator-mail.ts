// The mail that an operator gets of alarms: one of them, or a summary of many.

import { type Alarm, type AlarmBatch, kindOfAlarm } from '../../model/alarm.ts'

/** Characters of a subject that a screen shows. */
const WIDEST = 120

/** `minute`: a time on the operator's clock. `host`: the server that tells. */
export function operatorMail(
  { alarms, counts }: AlarmBatch,
  { host, minute }: { readonly host: string; readonly minute: (at: number) => string },
): { readonly subject: string; readonly text: string } {
  const [first] = alarms
  const kinds = Object.entries(counts)
  const all = kinds.reduce((sum, [, count]) => sum + count, 0)
  const single = first && all === 1
  const subject = single
    ? `${kindOfAlarm(first)}: ${first.about}${first.caseCode === undefined ? '' : ` (case ${first.caseCode})`}`
    : `${all} alarms: ${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')}`
  const told = kinds.map(([kind, count]) => {
    const shown = alarms.filter(one => kindOfAlarm(one) === kind)
    const left = count - shown.length
    return [
      ...(single ? [] : [`${kind}: ${count}`, '']),
      ...shown.map(one => paragraph(one, minute)),
      ...(left > 0 ? [`and ${left} more of this kind: cordon incident list\n`] : []),
    ].join('\n')
  })
  return {
    subject: printable(`[Cordon ${host}] ${subject}`).slice(0, WIDEST),
    text: `${told.join('\n')}\nTold by Cordon on ${host}.\n`,
  }
}

/** Other servers wrote some of it: it must not imitate a line of ours. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')

function paragraph({ at, words, evidence, undo }: Alarm, minute: (at: number) => string): string {
  return [
    `${minute(at)}  ${printable(words)}`,
    ...evidence.map(line => `  - ${printable(line)}`),
    ...(undo === undefined ? [] : [`  $ ${undo}`]),
    '',
  ].join('\n')
}
