// `cordon status`: how things stand, on one screen.

import { Command } from 'commander'
import { endsSoon } from '../model/certificate-end.ts'
import { formatDuration, SECOND } from '../model/duration.ts'
import type { ServerStatus } from '../ports/operations.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { EXIT } from './failures.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { harmless, when } from './table.ts'

const STATES: Readonly<Record<string, string>> = {
  queued: 'on its way',
  held: 'held',
  paced: 'waiting for its turn',
}

export function statusCommand(): Command {
  return controlOptions(new Command('status')).action(
    sayingWhy(async (options: ControlOptions) => {
      const now = await ask<ServerStatus>(options, '/status')
      if (options.json) sayJson(now)
      else console.log(shown(now, process.stdout.isTTY ? process.stdout.columns : undefined))
      if (needsAttention(now)) process.exitCode = EXIT.notSo
    }),
  )
}

const OBSERVES: [string, string] = [
  'evidence',
  'only observes; what it would decide: cordon incident list, cordon events, the digest',
]

/** Whether a person has to do something; mail that waits and customers that are contained are Cordon's work. */
export const needsAttention = ({ problems, worries, certificate, now }: ServerStatus): boolean =>
  problems.length > 0 || worries > 0 || endsSoon(certificate?.to ?? Infinity, now)

/** `columns`: of the terminal; without it each row is one line. */
export function shown(status: ServerStatus, columns = Infinity): string {
  const { version, now: at, startedAt, problems, worries, certificate, listed } = status
  const rows: [string, string][] = [
    ['running', `Cordon ${version}, for ${span(at - startedAt)}, since ${when(startedAt)}`],
    ...(problems.length === 0
      ? ([['faults', 'none']] as [string, string][])
      : problems.map((words): [string, string] => ['FAULT', words])),
    ['queue', queueIn(status.queue, at)],
    ['in force', decisionsIn(status.inForce)],
    ...(status.observes ? [OBSERVES] : []),
    ['SMTP', `${status.connections} connection${plural(status.connections)} open`],
    ...(listed === undefined
      ? []
      : ([['list', `${listed} entr${listed === 1 ? 'y' : 'ies'}`]] as [string, string][])),
    [
      worries > 0 ? 'NETWORK' : 'network',
      `${status.tellers} source${plural(status.tellers)}${worries > 0 ? `; ${worries} thing${plural(worries)} to look at: cordon network status` : ''}`,
    ],
  ]
  if (certificate) rows.push(certificateRow(certificate, at))
  const widest = Math.max(...rows.map(([head]) => head.length))
  const room = Math.max(NARROWEST, columns - widest - 2)
  return rows
    .flatMap(([head, words]) =>
      wrapped(harmless(words), room).map(
        (line, i) => `${(i === 0 ? head : '').padEnd(widest)}  ${line}`,
      ),
    )
    .join('\n')
}

const NARROWEST = 20

/** Lines of at most `room` characters, but for longer words. */
function wrapped(text: string, room: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function queueIn(queue: ServerStatus['queue'], at: number): string {
  if (!queue) return 'cannot be read'
  const states = queue.filter(one => one.recipients > 0)
  if (states.length === 0) return 'empty'
  return states
    .map(({ state, recipients, since }) => {
      const words = `${recipients} recipient${plural(recipients)} ${STATES[state] ?? state}`
      return `${words} (the oldest for ${span(at - since)})`
    })
    .join(', ')
}

function decisionsIn(inForce: ServerStatus['inForce']): string {
  const all = Object.entries(inForce)
  return all.length === 0
    ? 'nothing'
    : `${all.map(([kind, count]) => `${kind} ${count}`).join(', ')}: cordon incident list --in-force`
}

function certificateRow(
  { name, to }: NonNullable<ServerStatus['certificate']>,
  at: number,
): [string, string] {
  // That of the setting of the same name; others have a number.
  const which = name === 'certificate' ? '' : `${name} `
  if (to < at) return ['CERTIFICATE', `${which}ended at ${when(to)}`]
  return [
    endsSoon(to, at) ? 'CERTIFICATE' : 'certificate',
    `${which}ends at ${when(to)}, in ${span(to - at)}`,
  ]
}

const plural = (count: number) => (count === 1 ? '' : 's')

const span = (ms: number) => formatDuration(Math.max(SECOND, ms))
