// `cordon refusal`: what is behind the name in a refusal: the client, the rule, and what the rule saw. Without the name, the refusals of an
// address or a Message-ID.

import { Command } from 'commander'
import type { EventOf } from '../model/event.ts'
import type { RefusalsFound } from '../ports/refusals.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { UsageError } from './failures.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy, timeOf } from './shared-options.ts'
import { table, when } from './table.ts'

type RefusalOptions = ControlOptions & { address?: string; messageId?: string; since?: string }

export function refusalCommand(): Command {
  return controlOptions(
    new Command('refusal')
      .argument('[id]', 'id of the refusal, at the end of the reply or of its link')
      .option('--address <address>', 'find refused mail from or to this address')
      .option('--message-id <id>', 'find refused mail with this Message-ID')
      .option('--since <time>', 'first time, such as 2026-11-20T10:22Z; a week ago without it'),
  ).action(
    sayingWhy(async (given: string | undefined, options: RefusalOptions) => {
      const found = given === undefined ? await search(options) : await one(options, given)
      if (options.json) sayJson(found)
      else console.log(shown(found))
    }),
  )
}

const shown = (found: EventOf<'step-judged'> | RefusalsFound): string =>
  'rows' in found ? list(found) : whole(found)

function one(options: RefusalOptions, given: string): Promise<EventOf<'step-judged'>> {
  const id = given.slice(given.lastIndexOf('/') + 1)
  return ask(options, `/refusals/${encodeURIComponent(id)}`)
}

function search(options: RefusalOptions): Promise<RefusalsFound> {
  const { address, messageId, since } = options
  if (address === undefined && messageId === undefined)
    throw new UsageError('Write the name of a refusal, or --address, or --message-id.')
  const asked = new URLSearchParams()
  if (messageId !== undefined) asked.set('message-id', messageId)
  else asked.set('address', address ?? '')
  if (since !== undefined) asked.set('since', String(timeOf('--since', since)))
  return ask(options, `/refusals?${asked.toString()}`)
}

function list({ rows, truncated, unreadable }: RefusalsFound): string {
  const lines = rows.map(({ at, refusal = '', verdict, rule = '', reason = '', who, step }) => [
    when(at),
    refusal,
    `${verdict} by ${rule} (${reason})`,
    who.address,
    step.helo ?? '',
  ])
  return [
    rows.length === 0 ? 'nothing' : table(['WHEN', 'REFUSAL', 'WHAT', 'CLIENT', 'GREETING'], lines),
    ...(truncated ? ['and more: ask again with --since, from the last one on'] : []),
    ...unreadable.map(name => `${name} is torn: there may have been more in it`),
  ].join('\n')
}

function whole(event: EventOf<'step-judged'>): string {
  const { at, who, step, verdict, rule, reason, asked, saw = {} } = event
  const unread = [step.message?.unreadable?.join(', '), saw.cause].filter(
    part => part !== undefined,
  )
  return [
    `${when(at)}  ${verdict} by ${rule ?? ''} (${reason ?? ''}) at ${step.stage}`,
    `client     ${who.login === undefined ? '' : `${who.login} at `}${who.address}`,
    `greeting   ${step.helo ?? ''}`,
    ...(step.sender === undefined ? [] : [`sender     <${step.sender}>`]),
    ...recipientsOf(step).map(address => `recipient  ${address}`),
    ...(step.session === undefined ? [] : [`session    ${step.session}`]),
    ...(saw.message === undefined ? [] : [`message    ${saw.message}`]),
    ...(saw.messageId === undefined ? [] : [`message-id ${plain(saw.messageId)}`]),
    ...(saw.files ?? []).map(name => `file       ${plain(name)}`),
    ...(saw.moreFiles === undefined ? [] : [`file       and ${saw.moreFiles} more`]),
    ...(saw.found === undefined ? [] : [`found      ${plain(saw.found)}`]),
    ...(unread.length === 0 ? [] : [`unreadable ${plain(unread.join(': '))}`]),
    ...(asked ?? []).map(
      ({ question, answer }) => `looked up  ${JSON.stringify(question)} ${JSON.stringify(answer)}`,
    ),
  ].join('\n')
}

/** Recipients that are shown: the first of many. */
const SHOWN = 10

function recipientsOf({ recipient, recipients = [] }: EventOf<'step-judged'>['step']): string[] {
  if (recipient !== undefined) return [recipient]
  const more = recipients.length - SHOWN
  return [...recipients.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])]
}

/** Strangers chose these characters: none may move the cursor, or turn the direction of the line. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
