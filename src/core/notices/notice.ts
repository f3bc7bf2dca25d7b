// What we write to an owner: what was seen, since when, what to do, how it ends. No link to click, because that is
// what phishing looks like: a code that staff find what it is about by, and the portal by its name.

import type { DecisionKind } from '../../model/decision.ts'
import { isLine } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import { named, sentencesOf } from '../../languages/languages.ts'
import type { NoticeFacts, NoticeKind } from '../../languages/notice-words.ts'

/** The letter in the owner's language, or in English when we do not speak it. */
export function writeNotice(
  kind: NoticeKind,
  language: string,
  facts: NoticeFacts,
): { subject: string; text: string } {
  const sentences = sentencesOf(language)
  const { subject, text } = sentences.letters[kind]({ ...facts, ...named(sentences, facts) })
  return { subject, text: reflow(text) }
}

/** Which notice an incident calls for when it has just become what it is; undefined for none. */
export function noticeFor(
  incident: Incident,
  kindOfLine: 'site' | 'other',
): NoticeKind | undefined {
  if (incident.status === 'contained')
    return incident.decision === 'stop-login' ? 'login-stopped' : 'isolated'
  if (incident.status === 'held' && incident.sum >= incident.containAt)
    return kindOfLine === 'site' && isLine(incident.subject) ? 'site-warned' : 'mail-waits'
  return undefined
}

/** What an owner is told of what staff have decided by hand; what else may be decided stops nothing that they do. */
export const imposedNotice = (decided: DecisionKind): NoticeKind | undefined => IMPOSED[decided]

const IMPOSED: Readonly<Partial<Record<DecisionKind, NoticeKind>>> = {
  isolate: 'imposed',
  'stop-login': 'imposed-login',
  suspend: 'suspended',
}

/** RFC 5322 §2.1.1: lines should be at most 78 characters. Names of portals and reasons come in all lengths. */
const WIDTH = 78

/** Fills paragraphs anew: a new one begins after an empty line and at every `  - ` or `  1. `. */
function reflow(text: string): string {
  const filled: string[] = []
  for (const line of text.split('\n')) {
    const before = filled[filled.length - 1]
    const goesOn = before !== undefined && before !== '' && line.trim() !== '' && !ITEM.test(line)
    if (goesOn) filled[filled.length - 1] = `${before} ${line.trim()}`
    else filled.push(line.trimEnd())
  }
  return filled.map(fold).join('\n')
}

const ITEM = /^ {2}(?:\d\. |- )/

/** Breaks a line at spaces; what follows is indented as far as its first line's text. */
function fold(line: string): string {
  if (line.length <= WIDTH) return line
  const at = line.lastIndexOf(' ', WIDTH)
  const indent = /^\s*(?:\d\. |- )?/.exec(line)?.[0].length ?? 0
  return at <= indent
    ? line
    : `${line.slice(0, at)}\n${fold(' '.repeat(indent) + line.slice(at + 1))}`
}
