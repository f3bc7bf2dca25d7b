// Which ends each reason can have, found in the source: verdicts with a literal reason, and replies of doors. So docs/reasons.md and
// docs/rules.md print no code that is never sent. Where kind or reason is computed it stands in COMPUTED, with the file.

import { globSync, readFileSync } from 'node:fs'
import { parseSync, Visitor } from 'oxc-parser'
import { type Reason, REASONS } from '../../src/model/reason.ts'

export type End = 'reject' | 'defer' | 'hold' | 'discard'

const ENDS: readonly End[] = ['reject', 'defer', 'hold', 'discard']

const COMPUTED: Partial<Record<Reason, readonly End[]>> = {
  // src/core/policy/access.ts: the action of an entry.
  'not-welcome': ['reject', 'defer', 'discard'],
  // src/core/policy/mailbox-full.ts: as the store says.
  'mailbox-full': ['reject', 'defer'],
  // src/core/policy/quotas.ts: `over` of a quota.
  'over-quota': ['hold', 'defer', 'reject'],
  // src/core/policy/bounce-rate.ts
  'mostly-unknown': ['reject'],
  'refuses-reports': ['reject'],
  // src/drivers/spool/spool-store.ts: a state of the queue, which no reply tells.
  paced: ['hold'],
  // src/engine/judging/one-step.ts: faults of form.
  'bare-newline': ['reject'],
  'message-too-large': ['reject'],
  'header-too-large': ['reject'],
}

const isReason = (word: string): word is Reason => Object.hasOwn(REASONS, word)

export function reasonEnds(): ReadonlyMap<Reason, readonly End[]> {
  const found = new Map<Reason, Set<End>>()
  const add = (reason: Reason, ...ends: readonly End[]) =>
    found.set(reason, new Set([...(found.get(reason) ?? []), ...ends]))
  for (const [reason, ends] of Object.entries(COMPUTED)) add(reason as Reason, ...ends)
  for (const file of globSync('src/**/*.ts'))
    if (!file.endsWith('.test.ts')) readEnds(file, readFileSync(file, 'utf8'), add)
  return new Map(
    [...found].map(([reason, ends]) => [reason, ENDS.filter(end => ends.has(end))] as const),
  )
}

function readEnds(file: string, text: string, add: (reason: Reason, ...ends: End[]) => unknown) {
  const words = (span: { readonly start: number; readonly end: number }) =>
    [...text.slice(span.start, span.end).matchAll(/'([a-z-]+)'/g)].map(([, word = '']) => word)
  new Visitor({
    ObjectExpression: ({ properties }) => {
      const valueOf = (name: string) =>
        properties.flatMap(one =>
          one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === name
            ? words(one.value)
            : [],
        )
      const ends = ENDS.filter(end => valueOf('kind').includes(end))
      for (const reason of valueOf('reason').filter(isReason))
        if (ends.length > 0) add(reason, ...ends)
    },
    CallExpression: ({ callee, arguments: [reason, kind] }) => {
      if (!/^refusal(?:Text)?$/.test(text.slice(callee.start, callee.end))) return
      if (reason?.type !== 'Literal' || kind?.type !== 'Literal') return
      const word = String(reason.value)
      if (isReason(word)) add(word, kind.value === 5 ? 'reject' : 'defer')
    },
  }).visit(parseSync(file, text).program)
}
