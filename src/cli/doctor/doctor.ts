// `cordon doctor`: everything that can be looked at on this machine, from the configuration to the DNS, each with what to do. Changes nothing.

import { Command } from 'commander'
import { checkLines, type Check } from '../check.ts'
import { EXIT } from '../failures.ts'
import { sayJson, whole } from '../in-json.ts'
import { JSON_ABOUT, sayingWhy } from '../shared-options.ts'
import { USUAL_CONFIG, USUAL_DATA } from '../usual-places.ts'
import { allChecks, type DoctorOptions } from './all-checks.ts'
import { postfixDoctor } from './postfix.ts'

export function doctorCommand(): Command {
  const all = new Command('all')
    .description(
      'look at configuration, server, doors, certificate, disk, names in the DNS, scanner, network and Postfix, and say what to do; exit code 0 nothing is wrong, 1 something is (the default command)',
    )
    .option('-c, --config <file>', `configuration of Cordon; ${USUAL_CONFIG}`)
    .option('--data <folder>', `data folder of the Cordon that is meant; ${USUAL_DATA}`)
    .option('--config-directory <folder>', "where Postfix's main.cf is, if not where it always is")
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async (options: DoctorOptions & { json?: true }) => {
        const checks = await allChecks(options)
        if (options.json) sayJson(whole(checks))
        else console.log(shown(checks))
        if (checks.some(({ state }) => state === 'missing')) process.exitCode = EXIT.notSo
      }),
    )
  return new Command('doctor').addCommand(all, { isDefault: true }).addCommand(postfixDoctor())
}

/** What is wrong last: it stays on the screen. */
function shown(checks: readonly Check[]): string {
  const of = (state: Check['state']) => checks.filter(one => one.state === state)
  const wrong = of('missing')
  return [
    ...of('good').flatMap(checkLines),
    ...of('note').flatMap(checkLines),
    ...of('unknown').flatMap(checkLines),
    ...wrong.flatMap(checkLines),
    '',
    wrong.length === 0 ? 'Nothing is wrong.' : `To mend: ${wrong.length}.`,
  ].join('\n')
}
