// `cordon refusal`: what is behind the name in a refusal: who it was, which rule, and what it saw.

import { Command } from 'commander'
import type { EventOf } from '../model/event.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { when } from './table.ts'

export function refusalCommand(): Command {
  return controlOptions(
    new Command('refusal').argument(
      '<id>',
      'its name, from the end of the reply or of the link in it',
    ),
  ).action(
    sayingWhy(async (given: string, options: ControlOptions) => {
      const id = given.slice(given.lastIndexOf('/') + 1)
      const found = await ask<EventOf<'step-judged'>>(
        options,
        `/refusals/${encodeURIComponent(id)}`,
      )
      console.log(options.json ? JSON.stringify(found, null, 2) : shown(found))
    }),
  )
}

function shown(event: EventOf<'step-judged'>): string {
  const { at, who, step, verdict, rule, reason, asked, saw = {} } = event
  const unread = [step.message?.unreadable?.join(', '), saw.cause].filter(one => one !== undefined)
  return [
    `${when(at)}  ${verdict} by ${rule ?? ''} (${reason ?? ''}) at ${step.stage}`,
    `client     ${who.login === undefined ? '' : `${who.login} at `}${who.address}`,
    `greeting   ${step.helo ?? ''}`,
    ...(step.sender === undefined ? [] : [`sender     <${step.sender}>`]),
    ...(step.recipient === undefined ? [] : [`recipient  ${step.recipient}`]),
    ...(step.session === undefined ? [] : [`session    ${step.session}`]),
    ...(saw.message === undefined ? [] : [`message    ${saw.message}`]),
    ...(saw.messageId === undefined ? [] : [`message-id ${plain(saw.messageId)}`]),
    ...(saw.files ?? []).map(name => `file       ${plain(name)}`),
    ...(unread.length === 0 ? [] : [`unreadable ${plain(unread.join(': '))}`]),
    ...(asked ?? []).map(
      ({ question, answer }) => `looked up  ${JSON.stringify(question)} ${JSON.stringify(answer)}`,
    ),
  ].join('\n')
}

/** Strangers chose these letters: none of them is to move the cursor, or to turn the line round. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
