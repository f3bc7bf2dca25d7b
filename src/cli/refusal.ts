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

function shown({ at, who, step, verdict, rule, reason, asked }: EventOf<'step-judged'>): string {
  return [
    `${when(at)}  ${verdict} by ${rule ?? ''} (${reason ?? ''}) at ${step.stage}`,
    `client     ${who.login === undefined ? '' : `${who.login} at `}${who.address}`,
    `greeting   ${step.helo ?? ''}`,
    ...(step.sender === undefined ? [] : [`sender     <${step.sender}>`]),
    ...(step.recipient === undefined ? [] : [`recipient  ${step.recipient}`]),
    ...(asked ?? []).map(
      ({ question, answer }) => `looked up  ${JSON.stringify(question)} ${JSON.stringify(answer)}`,
    ),
  ].join('\n')
}
