// `cordon setup`: looks at the machine, asks five things, writes a configuration that observes, checks names, ports and certificates, and says
// what comes next. It starts nothing and changes no other program.

import { Command, Option } from 'commander'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { Check } from './check.ts'
import { EXIT, UsageError } from './failures.ts'
import { sayJson } from './in-json.ts'
import { certificateChecked, certificateFor } from './setup/checks/certificate.ts'
import { keyChecked } from './setup/checks/key.ts'
import { mailboxesChecked } from './setup/checks/mailboxes.ts'
import { namesChecked } from './setup/checks/names.ts'
import { operatorChecked } from './setup/checks/operator.ts'
import { portsChecked } from './setup/checks/ports.ts'
import { resolverChecked } from './setup/checks/resolver.ts'
import { unitChecked } from './setup/checks/unit.ts'
import { userChecked } from './setup/checks/user.ts'
import { factsOf, foundOn } from './setup/finders.ts'
import type { Facts } from './setup/finding.ts'
import { thisMachine } from './setup/machine.ts'
import { namesOptions } from './setup/names-options.ts'
import {
  type SetupAnswers,
  answered,
  type AnswersSoFar,
  QUESTIONS,
  STANDS,
} from './setup/questions.ts'
import { nextOf, undoOf } from './setup/next.ts'
import { foundLines, mustMend, reportText } from './setup/report.ts'
import { terminal } from './setup/terminal.ts'
import { TRIAL_ANSWERS, TRIAL_DATA, TRIAL_FILE, trialConfig } from './setup/trial.ts'
import { groupOf, mustBeNew, mustBeWritable, writeConfiguration } from './setup/write-file.ts'
import { writtenConfig } from './setup/written-config.ts'
import { JSON_ABOUT, sayingWhy } from './shared-options.ts'
import { CONFIG_OF_THE_UNIT, FOLDER_OF_THE_UNIT } from './usual-places.ts'

type SetupOptions = AnswersSoFar & {
  readonly to?: string
  readonly data?: string
  readonly configDirectory?: string
  readonly resolver?: string
  readonly yes?: true
  readonly force?: true
  readonly trial?: true
  readonly json?: true
}

export function setupCommand(): Command {
  return new Command('setup')
    .description(
      'look at this machine, ask five things, and write a configuration that observes; exit code 0 done, 1 something must be mended first, 2 usage',
    )
    .option('--hostname <name>', 'host name of this server')
    .option('--domains <domains>', 'domains whose mailboxes are here')
    .addOption(
      new Option(
        '--stands <how>',
        'beside the Postfix that was found (milter), as the mail server itself, or watch (policy delegation)',
      ).choices(STANDS),
    )
    .option('--operator <address>', 'mail address for alarms')
    .option('--consumers <prefixes>', 'prefixes of customers that send without a login')
    .option('-y, --yes', 'take what is usual where an option does not answer, and ask nothing')
    .option('--trial', `a Cordon to look at, in this folder (${TRIAL_FILE}, ${TRIAL_DATA})`)
    .option('--to <file>', `the file to write (${CONFIG_OF_THE_UNIT})`)
    .option('--data <folder>', `data folder that it names (${FOLDER_OF_THE_UNIT})`)
    .option('--force', 'write it although there is one; that one is kept beside it')
    .option('--config-directory <folder>', "where Postfix's main.cf is, if not where it always is")
    .option('--resolver <address>', "DNS server to ask, and to name; the system's own without it")
    .option('--json', JSON_ABOUT)
    .action(sayingWhy(setUp))
}

async function setUp(options: SetupOptions): Promise<void> {
  const machine = thisMachine()
  const { trial, json, to, resolver, data = FOLDER_OF_THE_UNIT } = options
  const file = to ?? (trial ? TRIAL_FILE : CONFIG_OF_THE_UNIT)
  if (!options.force) mustBeNew(file, trial ? `npx cordon serve --config ${file} starts it. ` : '')
  mustBeWritable(file)
  const findings = trial ? [] : await foundOn(machine, options)
  const facts = factsOf(findings)
  if (!json && !trial) console.log(['Looked for:', ...foundLines(findings)].join('\n'))
  const answers = trial ? TRIAL_ANSWERS : await answersOf(facts, options)
  const certificates = facts.certificates ?? []
  const certificate =
    answers.stands === 'server'
      ? certificateFor(answers.hostname, certificates, machine)
      : undefined
  const text = trial
    ? trialConfig()
    : writtenConfig(answers, facts, { dataFolder: data, resolver, certificate })
  const kept = writeConfiguration(file, text, {
    force: options.force === true,
    group: trial ? undefined : groupOf(machine),
  })
  const config = loadConfig(file)
  const checks = [
    ...(trial || data !== FOLDER_OF_THE_UNIT
      ? []
      : [userChecked(facts, file), ...unitChecked(file, machine)]),
    ...portsChecked(config, machine),
    ...(trial ? [] : mailboxesChecked(config)),
    ...(answers.stands === 'server' && !trial ? [certificateChecked(config, certificates)] : []),
    ...(certificate && facts.hasUser ? await keyChecked(certificate, machine) : []),
    ...(trial ? [] : await reachedFrom(config, answers)),
  ]
  const next = nextOf({ file, data: config.dataFolder, stands: answers.stands, trial })
  const undo = undoOf({ file, data: config.dataFolder, stands: answers.stands }, kept)
  const report = { file, kept, trial: trial === true, answers, findings, checks, next, undo }
  if (json) sayJson({ ...report, kept: kept ?? null })
  else console.log(`\n${reportText(report)}`)
  if (mustMend(checks).length > 0) process.exitCode = EXIT.notSo
}

/** What other machines say: the server that alarms go to, and the DNS. */
async function reachedFrom(config: Config, answers: SetupAnswers): Promise<readonly Check[]> {
  const options = namesOptions(config)
  const all = await Promise.all([
    operatorChecked(config),
    resolverChecked(config, options.dns),
    namesChecked(answers, options),
  ])
  return all.flat()
}

/** From options; the rest is asked on a terminal, or is what is usual. */
async function answersOf(facts: Facts, options: SetupOptions): Promise<SetupAnswers> {
  const told = Object.fromEntries(
    QUESTIONS.flatMap(({ name }) => (options[name] === undefined ? [] : [[name, options[name]]])),
  ) as AnswersSoFar
  if (options.yes) return answered({ facts, told, ask: async (_question, usual) => usual })
  if (!process.stdin.isTTY || options.json)
    return answered({ facts, told, ask: ({ name }) => Promise.reject(unasked(name)) })
  const { ask, again, end } = terminal(process.stdin, process.stdout)
  try {
    return await answered({ facts, told, ask, again })
  } finally {
    end()
  }
}

const unasked = (name: string) =>
  new UsageError(`there is no terminal to ask on. Say --${name}, or --yes for what is usual.`)
