// `cordon sentence`: what the person on the telephone says of a case.

import { Command } from 'commander'
import { caseSentence } from '../core/notices/case-sentence.ts'
import type { Decision } from '../model/decision.ts'
import type { Incident } from '../model/incident.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { when } from './table.ts'

type SaidCase = { readonly incident: Incident; readonly decisions: readonly Decision[] }

export function sentenceCommand(): Command {
  return controlOptions(
    new Command('sentence').argument('<case>', 'case code or id of the case'),
  ).action(
    sayingWhy(async (given: string, options: ControlOptions) => {
      const path = `/incidents/${encodeURIComponent(given)}`
      const { incident, decisions } = await ask<SaidCase>(options, path)
      const sentence = caseSentence(incident, decisions, when)
      if (options.json) sayJson({ caseCode: incident.caseCode, sentence })
      else console.log(sentence)
    }),
  )
}
