// `npm run docs`: writes the pages that are made from the source: configuration, reasons, events, evidence, command
// line, orders, and the example file. A test checks that they are fresh.

import { readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { liveness } from '../src/app/liveness.ts'
import { program } from '../src/cli/program.ts'
import { exampleConfig } from '../src/config/example.ts'
import { checkConfig } from '../src/config/load.ts'
import { unwrap } from '../src/config/schema-complaints.ts'
import { policyOf } from '../src/config/policy-of.ts'
import { type Config, configSchema } from '../src/config/schema.ts'
import { RULE_NAMES, type RuleName, shippedRules } from '../src/core/policy/shipped-rules.ts'
import { batv } from '../src/mail/batv.ts'
import { type DecisionKind, LONGEST } from '../src/model/decision.ts'
import { HOUR } from '../src/model/duration.ts'
import { CONTRACTS } from '../src/orders/contract/orders.ts'
import { evidencePage } from './docs/evidence-page.ts'
import { reasonsPage, saysOf } from './docs/reasons-page.ts'
import { valuesOf } from './docs/values-of.ts'

/** Path -> content of every generated page. */
export function generated(): Readonly<Record<string, string>> {
  return {
    'docs/configuration.md': configuration(),
    'docs/reasons.md': reasonsPage(made),
    'docs/rules.md': rules(),
    'docs/events.md': events(),
    'docs/evidence.md': evidencePage(made),
    'docs/cli.md': commandLine(),
    'docs/orders.md': orders(),
    'docs/hacking.md': withRecipes('docs/hacking.md'),
    'etc/cordon.yaml': exampleConfig(),
  }
}

/** A page written by hand, in which the recipes stand as test/e2e/recipes.test.ts follows them. */
function withRecipes(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(
    /<!-- (test\/recipes\/\w+\.diff) -->\n```diff\n[\s\S]*?^```$/gm,
    (_block, recipe: string) =>
      `<!-- ${recipe} -->\n\`\`\`diff\n${readFileSync(recipe, 'utf8')}\`\`\``,
  )
}

const wholeProgram = await program()

const made = '<!-- Made by "npm run docs" from the source. Do not edit. -->\n'

function rules(): string {
  const config = checkConfig({})
  const all = shippedRules({
    ...policyOf(config),
    modes: Object.fromEntries(RULE_NAMES.map(name => [name, 'enforce'])) as typeof config.rules,
    // Without something to ask they are not among the rules.
    knowsFullMailboxes: true,
    dnsLists: [{ zone: 'bl.example', of: 'address', codes: [] }],
    tags: batv('a secret'),
    isLocal: () => false,
    isOurs: () => false,
    ourNames: [],
  })
  const rows = all.map(rule => {
    const says = rule.reasons.map(saysOf)
    const standard = config.rules[rule.name as RuleName]
    return `| \`${rule.name}\` | ${rule.about} | ${rule.listeners.join(', ')} | ${rule.stages.join(', ')} | ${standard} | ${rule.onFailure} | ${says.join('<br>')} |`
  })
  return `# Rules

${made}
The rules are listed in the order in which Cordon evaluates them; the first refusal ends a step. Each rule is a pure file in \`src/core/policy/\`.
\`rules.NAME\` in the configuration sets its mode: \`enforce\`, \`observe\` (evaluated and logged, not applied), or \`off\`. New rules that refuse
strangers ship in \`observe\`: look at \`cordon_verdicts_total{observed="yes"}\` for a week, then enforce. The settings of the rules are below, with
the origin of each default; all other settings are in [configuration](configuration.md). Rules of the listener \`inbound\` do not apply on the
listeners for customers. Clients of the inbound listener are treated as strangers, also if they are customers' machines. Checks of addresses,
names, lists, SPF, greylisting and signatures do not apply to private addresses. A refusal at connect, HELO or MAIL is sent at RCPT.

Three things are refused before any rule, and no setting turns that off: a bare CR or LF in a message from outside (\`newline\`, 554 5.6.0; a
listener's \`bareNewlines: normalize\` mends it instead), a header of more than 1000 fields or 256 KiB (\`header\`, 552 5.3.4), and a message of more
than \`maxMessageSize\` bytes (\`size\`, 552 5.3.4). In the log, the metrics and \`cordon refusal\` they have these names, like rules.

| rule | what it requires | listeners | evaluated at | shipped mode | if a store or look-up fails | replies |
|---|---|---|---|---|---|---|
${rows.join('\n')}

## Settings

Rules that are not listed here have no setting except their mode.

${RULE_NAMES.flatMap(settingsOf).join('\n')}`
}

/** Where the settings of a rule stand. */
const SETTINGS: Partial<Record<RuleName, readonly string[]>> = {
  access: ['access', 'geo'],
  'protocol-violation': ['strangers.protocolViolations', 'strangers.greetPause'],
  'helo-changing': ['strangers.heloNames'],
  'reverse-dns': ['strangers.confirmedName'],
  'dns-lists': ['strangers.lists'],
  'rogue-domain': ['strangers.rogueDomain'],
  'bounce-rate': ['strangers.bounceRate'],
  greylist: ['strangers.greylist'],
  'bounce-control': ['strangers.bounceControl'],
  attachment: ['attachments'],
  dmarc: ['strangers.trustedSealers'],
  scan: ['scanners'],
  hashcash: ['strangers.stampBits'],
  'slow-lane': ['strangers.slowLane'],
  quotas: ['quotas', 'timeZone'],
  limits: ['limits'],
}

/** The rows of the configuration that are a rule's, once more. */
function settingsOf(rule: RuleName): string[] {
  const all: Setting[] = []
  walk(configSchema, '', all)
  const mine = (SETTINGS[rule] ?? []).flatMap(wanted =>
    all.filter(
      ({ path }) =>
        path === wanted || path.startsWith(`${wanted}.`) || path.startsWith(`${wanted}[`),
    ),
  )
  if (mine.length === 0) return []
  return [
    `### ${rule}`,
    '',
    '| Setting | Default | Meaning, and where the default comes from |',
    '|---|---|---|',
    ...mine.map(({ path, standard, meaning }) => `| \`${path}\` | ${standard} | ${meaning} |`),
    '',
  ]
}

type Setting = {
  readonly path: string
  readonly standard: string
  readonly values: string
  readonly meaning: string
}

type Schema = {
  description?: string
  shape?: Record<string, unknown>
  element?: unknown
  valueType?: unknown
  def?: { type?: string; defaultValue?: unknown; entries?: Record<string, string> }
}

function configuration(): string {
  const all: Setting[] = []
  walk(configSchema, '', all)
  const rows = all.map(
    ({ path, standard, values, meaning }) =>
      `| \`${path}\` | ${standard} | ${values} | ${effectOf(path)} | ${meaning} |`,
  )
  return `# Configuration

${made}
The configuration is one YAML file, given to \`cordon serve --config FILE\`. \`cordon config check FILE\` says whether Cordon can use the file; if not,
it says where the mistakes are and what to write instead. A file with mistakes changes nothing. \`etc/cordon.yaml\` is an example.

\`[]\` stands for an entry of a list, \`NAME\` for a name you choose. A change takes effect at a reload (\`cordon reload\`), or
is logged and takes effect after a restart. *Values* are the allowed values; durations are in s, m, h or d.

| Setting | Default | Values | Takes effect | Meaning |
|---|---|---|---|---|
${rows.join('\n')}
`
}

/** A whole section is live, or not. */
function effectOf(path: string): string {
  const [key = ''] = path.split(/[.[]/)
  return liveness.get(key as keyof Config) === 'live' ? 'at a reload' : 'after a restart'
}

/** A pattern may stand in a pattern: it is written down once. */
function walk(schema: unknown, path: string, rows: Setting[]): void {
  if (path.endsWith('.not')) return
  const inner = unwrap(schema) as Schema
  for (const [key, value] of Object.entries(inner.shape ?? {})) {
    const here = path === '' ? key : `${path}.${key}`
    const open = unwrap(value) as Schema
    const description = (value as Schema).description ?? open.description ?? ''
    const meaning = description.replaceAll('|', '\\|')
    rows.push({ path: here, standard: defaultOf(value), values: valuesOf(value), meaning })
    if (open.shape) walk(value, here, rows)
    else if (open.element && (unwrap(open.element) as Schema).shape)
      walk(open.element, `${here}[]`, rows)
    else if (open.valueType && (unwrap(open.valueType) as Schema).shape)
      walk(open.valueType, `${here}.NAME`, rows)
  }
}

function defaultOf(schema: unknown): string {
  const { def } = schema as Schema & { def?: { in?: unknown; innerType?: unknown } }
  if (def?.type === 'optional') return 'none'
  if (def && 'defaultValue' in def) {
    const value = def.defaultValue
    const plain = typeof value !== 'object' || (Array.isArray(value) && value.length > 0)
    return plain ? `\`${typeof value === 'string' ? value : JSON.stringify(value)}\`` : 'nothing'
  }
  const deeper = def?.in
  return deeper ? defaultOf(deeper) : '**must be given**'
}

/** What each kind of event is about: one line each, checked against the union in the source. */
export const EVENTS: Readonly<Record<string, string>> = {
  'link-auth':
    'a login succeeded or failed, and from which network; or was refused before the password was checked, after too many failures (then one event in a quarter of an hour)',
  'portal-login': 'a login at the portal succeeded or failed, or was stopped unread after too many',
  'client-not-reading':
    'a client read no reply for ten seconds (logged once), or not all of it within five minutes, and its connection was closed',
  'client-cut-off':
    'a client was told 421 and hung up on: it made more than 20 errors, or sent a hundred commands without a message',
  'protocol-violation': 'a client of a line or login did what no mail program does',
  judged: 'a rule refused, deferred or held something (or would have, when it only observes)',
  'step-judged':
    'a recipient or a message was judged, with all that was known: what `cordon replay` reads',
  'message-unreadable':
    'something in a message could not be read to its end, such as an archive, and why',
  'authentication-unchecked':
    'signatures and sender of a message from outside could not be checked to their end (DMARC `temperror`), and why',
  'header-ended-early':
    'a line that is no field (such as one without a colon) stood in the header of a message: every reader sees it end there',
  'tx-commit': 'a message was taken, with everything its weighing needs',
  'delivery-done': 'a recipient was reached',
  'delivery-failed':
    'an attempt to deliver to a recipient failed: `permanent: true` is a failure, which is returned to the sender (Postfix: bounced), `permanent: false` is deferred and attempted again; `result` and `code` are of the reply',
  'egress-attempt': 'a line tried a port of an outside server, as the firewall log tells it',
  'traffic-seen':
    'flow records show something of a line: a scan, a flood, many submission servers, a machine that commands others',
  'password-circulates':
    'the password of a login is in circulation: a decoy was offered it, or the login stood on a list',
  'abuse-reported':
    'a report of abuse went to those who run another network ([feedback](feedback.md#reports-to-other-networks)): about which of their machines',
  'decoy-mail': 'a message was handed to a decoy, which delivers nothing',
  'list-changed':
    'an address came on the [list](list.md) that others ask over the DNS, or left it: as what, and the name of its page',
  'complaint-received':
    'a report of abuse came in ([feedback](feedback.md)): what it says, and the message or line of ours it is about; `unread`: it could not be read',
  'lease-opened': 'an address was given to a subscriber',
  'lease-closed': 'an address was taken back',
  'evidence-weighed': 'a unit of evidence moved a sum',
  'episode-decided':
    'evidence by episodes decides something else of a line, login or foreign address than before; `shadow`: nothing is restricted by it',
  'mail-paced':
    'mail of a line or login begins to wait for its window; `shadow`: it would, and leaves at once',
  'mail-let-go':
    'mail leaves the window of its sender, at once or after it waited (ms); mail that costs no token is not told',
  'word-given':
    'an owner, or staff, said whose mail it is that waits, announced a mailing or opened a window',
  'episode-begun-anew':
    'the record of a subject for evidence by episodes could not be read, and begins anew',
  'incident-opened': 'a case file was opened',
  'incident-changed': 'a case changed its status; `released`: a person ended it',
  'decision-observed':
    'evidence only observes (`evidence.mode`): what would have been decided of a subject; `summary` says why',
  'decision-made': 'a decision was made; `until` is its end',
  'decision-ended': 'a decision is over, and what ended it',
  'action-done': 'a network driver did something, or failed to',
  'notice-sent': 'the owner was written to',
  'order-given': 'an order was given by a person, a signal or a chore, and how it ended',
  'opt-out-changed': 'an opt-out of port 25 was requested, opened or ended',
  'held-settled': 'a held message was released, kept, expired or purged',
  'alarm-raised':
    'something the operator should look at: another server refuses our address, counters were lost, mail was found, the feed of customers was refused',
  'journal-gap': 'so many events could not be written down',
  'steps-left-out':
    'judged steps of a flood, more than a thousand a second, were not written down, with the address or login most of them came from',
}

function events(): string {
  const rows = Object.entries(EVENTS).map(([kind, about]) => `| \`${kind}\` | ${about} |`)
  return `# Events

${made}
An event is one thing that happened, with its time. The journal (\`DATA/journal/*.jsonl.gz\`, one line each, \`zcat\` reads it),
the live view, the tests and replay all use exactly these. The fields of each are in \`src/model/event.ts\` and in the files beside it whose names end in \`-event.ts\`. Words in them that are not plain:

- \`content\`: \`spam\`, \`clean\`, or \`unseen\` when no scanner looked at the message or it failed;
- \`endedBy\`: the person or program that ended a decision; \`stronger\` means that another decision that includes it took its place;
- \`nats\`: how much a sign says for infection; \`sum\`, \`holdAt\`, \`containAt\`: what is added up for a line or login, and the thresholds at which mail is held and the line or login is contained;
- \`observed\`: the rule only observes, and nothing was refused;
- \`trapTexts\`, \`trapAlone\`, \`trapped\`: of mail to an address that was never in use (\`traps\` in the configuration): how many different
  texts each line or login sent to such addresses as to a list, and which of them wrote to one by itself.

| Kind | What happened |
|---|---|
${rows.join('\n')}
`
}

function orders(): string {
  const rows = CONTRACTS.map(({ kind, about, ownerMay, staffMay, fields }) => {
    const names = Object.entries(fields.shape).map(
      ([name, field]) =>
        `\`${name}\`${(field as { def: { type: string } }).def.type === 'optional' ? '?' : ''}`,
    )
    const givers = [...(ownerMay ? ['owner'] : []), ...(staffMay ? ['staff'] : [])].join(', ')
    return `| \`${kind}\` | ${about} | ${givers} | ${names.join(' ') || 'none'} |`
  })
  const longest = Object.entries(LONGEST as Record<DecisionKind, number>).map(
    ([kind, ms]) => `| \`${kind}\` | ${ms / HOUR} |`,
  )
  return `# Orders

${made}
An order is what a person or a [chore](words.md) tells a running Cordon to do. Staff give orders on the command line, or as JSON on the control socket in the
data folder: \`POST /api/v1/orders/ORDER?by=NAME\`, with the fields as body. Owners give orders in the portal, about their own lines, logins and mail.
\`/api/v1/openapi.json\` has the bounds of every field.

Every order is checked by the door through which it comes, and once more by the engine. An order that does not fit the contract, for example
with an unknown field, changes nothing: it is answered 400 with \`{ "error": { "code", "message", "field" } }\`. The answer is 409 if the order is valid and
refused, and 503 if it cannot be written into the audit. A valid order is audited with the person or program that gave it, whether done or refused;
an order that is answered 400 is not audited. Passwords and codes are not written down.

\`\`\`text
curl --unix-socket /var/lib/cordon/control.sock -H 'Content-Type: application/json' \\
  -d '{ "subject": "line:10018", "decision": "isolate", "hours": 2, "why": "calls back", "letter": false }' \\
  'http://localhost/api/v1/orders/impose?by=anna'
\`\`\`

| order | what it does | who may | fields (? may be left out) |
|---|---|---|---|
${rows.join('\n')}

## For how long

Every restriction ends by itself; a decision without an end is not stored. Staff may make a decision for at least 0.1 hours, and at most for the
hours below; then again, if there is still a reason. New evidence moves the end of a decision that evidence made.

| decision | hours at most |
|---|---|
${longest.join('\n')}

Port 25 that is redirected to our own server stays so for 24 hours at most.
`
}

function commandLine(): string {
  const parts: string[] = []
  const describe = (command: Command, path: string) => {
    const here = `${path}${command.name()}`
    if (command.commands.length > 0) for (const sub of command.commands) describe(sub, `${here} `)
    else {
      const args = command.registeredArguments.map(argument => ` <${argument.name()}>`).join('')
      const described = command.registeredArguments
        .filter(argument => argument.description !== '')
        .map(argument => `- \`<${argument.name()}>\`: ${argument.description}`)
      const options = command.options.map(
        option =>
          `- \`${option.flags}\`: ${option.description}${option.defaultValue === undefined ? '' : ` (${JSON.stringify(option.defaultValue)})`}`,
      )
      parts.push(
        `## ${here}${args}\n\n${command.description()}\n${described.length + options.length > 0 ? `\n${[...described, ...options].join('\n')}\n` : ''}`,
      )
    }
  }
  describe(wholeProgram, '')
  return `# Command line

${made}
In a checkout: \`npx cordon …\`. Commands that look at a running Cordon talk to its control socket in the data folder, never to its
files. They print tables for people, with times in UTC (RFC 3339). A list that is cut says so on standard error.

With \`--json\` a command prints one JSON value on standard output, whatever came of it:

| what | shape |
|---|---|
| a list | \`{ "rows": […], "truncated": false }\`; one that is cut has \`truncated: true\` and \`next\`, for \`--after\` |
| an order, a reload, a check that was done | \`{ "done": true, "text": "…" }\`; \`secret\` where one was made |
| one thing that was asked about | that thing, an object |
| what was not done | \`{ "error": { "code": "…", "message": "…" } }\`; the code is \`not-so\`, \`usage\`, \`no-server\` or \`config\`, as the exit code |

Commands whose output is a file of its own (\`config example\`, \`cpe\`, \`router table\`) have no \`--json\`, nor have those that run until they
are ended.

Exit codes: 0 done · 1 \`not-so\`: refused, not there; also an answer that is not sure (\`who\`) · 2 \`usage\`: written in a way that cannot be meant · 69 \`no-server\`: no Cordon
answers, or not in time · 78 \`config\`: the configuration cannot be used.

${parts.join('\n')}`
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(generated())) {
    let before = ''
    try {
      before = readFileSync(path, 'utf8')
    } catch {
      // It is new.
    }
    if (before !== content) {
      writeFileSync(path, content)
      console.log(`wrote ${path}`)
    }
  }
}
