// What we write to an owner: what was seen, since when, what to do, how it ends. No link to click, because that is
// what phishing looks like: a case code, and the portal by its name.

import type { Incident } from '../../model/incident.ts'
import { GERMAN } from './german.ts'
import { ENGLISH } from './english.ts'

export const NOTICES = [
  'isolated',
  'login-stopped',
  'site-warned',
  'released',
  'over-limit',
] as const
export type NoticeKind = (typeof NOTICES)[number]

export type NoticeFacts = {
  readonly caseCode: string
  readonly provider: string
  /** The portal's name, as the owner knows it. */
  readonly portal: string
  readonly login?: string
  /** When the trouble was first seen, UTC, to the minute. */
  readonly since: string
  readonly seen: readonly string[]
}

export type Words = Readonly<
  Record<NoticeKind, (facts: NoticeFacts) => { subject: string; text: string }>
>

const LANGUAGES: Readonly<Record<string, Words>> = { en: ENGLISH, de: GERMAN }

/** The letter in the owner's language, or in English when we do not speak it. */
export function writeNotice(
  kind: NoticeKind,
  language: string,
  facts: NoticeFacts,
): { subject: string; text: string } {
  const words = LANGUAGES[language.slice(0, 2).toLowerCase()] ?? ENGLISH
  return words[kind](facts)
}

/** Which notice an incident calls for when it has just become what it is; undefined for none. */
export function noticeFor(
  incident: Incident,
  kindOfLine: 'site' | 'other',
): NoticeKind | undefined {
  if (incident.status === 'contained')
    return incident.decision === 'stop-login' ? 'login-stopped' : 'isolated'
  if (incident.status === 'held' && kindOfLine === 'site' && incident.sum >= incident.containAt)
    return 'site-warned'
  return undefined
}

/** Minute precision, UTC, readable in every language: `2026-11-21 07:15 UTC`. */
export function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
