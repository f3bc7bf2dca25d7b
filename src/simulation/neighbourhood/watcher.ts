// Follows Cordon's live feed over HTTP, as any viewer could, and keeps what the report needs.

import type { Event } from '../../model/event.ts'
import type { DecisionKind } from '../../model/decision.ts'
import type { EpisodeDecision, EpisodeSubject, SourceSubject } from '../../model/episode.ts'
import type { Subject } from '../../model/evidence.ts'

export type MilderDecision = 'hold' | 'refuse-network'

export type Watcher = {
  /** Queue ids of messages that were held, or waited in the window, at some time. */
  readonly held: ReadonlySet<string>
  /** Decisions other than hold and watch, newest last. */
  readonly decisions: ReadonlyMap<
    Subject,
    readonly { what: DecisionKind; seenAt: number; incident: string }[]
  >
  /** The graver of both that evidence by episodes decided of a subject, and when we saw it: its mail waits, or a network is refused. */
  readonly milder: ReadonlyMap<Subject, { readonly what: MilderDecision; readonly seenAt: number }>
  /** Subjects whose case was released, and when we saw it. */
  readonly released: ReadonlyMap<Subject, number>
  readonly noticed: ReadonlySet<string>
  close(): void
}

export async function watch(consolePort: number): Promise<Watcher> {
  const held = new Set<string>()
  const decisions = new Map<Subject, { what: DecisionKind; seenAt: number; incident: string }[]>()
  const milder = new Map<Subject, { what: MilderDecision; seenAt: number }>()
  const released = new Map<Subject, number>()
  const noticed = new Set<string>()
  const stop = new AbortController()
  const take = (event: Event) => {
    if (event.kind === 'judged' && event.verdict === 'hold' && event.message)
      held.add(event.message)
    if (event.kind === 'mail-paced' && event.shadow === undefined) held.add(event.message)
    if (event.kind === 'episode-decided' && event.shadow === undefined) {
      const { subject, decision: what } = event
      if (isMilder(what) && !isSource(subject) && milder.get(subject)?.what !== 'refuse-network')
        milder.set(subject, { what, seenAt: performance.now() })
    }
    if (
      event.kind === 'decision-made' &&
      event.what !== 'hold' &&
      event.what !== 'watch' &&
      event.what !== 'redirect-25'
    ) {
      const seen = { what: event.what, seenAt: performance.now(), incident: event.incident }
      decisions.set(event.subject, [...(decisions.get(event.subject) ?? []), seen])
    }
    if (event.kind === 'incident-changed' && event.status === 'probation')
      released.set(event.subject, performance.now())
    if (event.kind === 'notice-sent' && event.incident !== undefined) noticed.add(event.incident)
  }
  const response = await fetch(`http://127.0.0.1:${consolePort}/live`, { signal: stop.signal })
  void follow(response, take).catch(() => undefined)
  return { held, decisions, milder, released, noticed, close: () => stop.abort() }
}

const isMilder = (what: EpisodeDecision): what is MilderDecision =>
  what === 'hold' || what === 'refuse-network'

const isSource = (subject: EpisodeSubject): subject is SourceSubject =>
  subject.startsWith('source:')

/** Reads server-sent events (HTML standard §9.2): `data:` lines, ended by an empty one. */
async function follow(response: Response, take: (event: Event) => void): Promise<void> {
  if (!response.body) return
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks)
      if (block.startsWith('data: ')) take(JSON.parse(block.slice(6)) as Event)
  }
}
