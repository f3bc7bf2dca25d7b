// Random walks through an SMTP session: what a client says, well and badly, and what an engine answers, early, late and
// never twice the same. After every step the rules that must always hold are looked at. A walk is repeated by its seed.

import {
  INITIAL,
  type Input,
  type Reaction,
  type Setup,
  type State,
} from '../../src/doors/smtp/state.ts'
import { LISTENERS } from '../../src/model/step.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'

export type StepFunction = (state: State, input: Input, setup: Setup) => Reaction

const WORDS = [
  'EHLO home.example',
  'HELO home.example',
  'ehlo [192.0.2.1]',
  'EHLO',
  'STARTTLS',
  'STARTTLS now',
  'AUTH PLAIN AGFubmFAaXNwLmV4YW1wbGUAc2VjcmV0',
  'AUTH PLAIN',
  'AUTH LOGIN',
  'AUTH LOGIN YW5uYQ==',
  'AUTH CRAM-MD5',
  'AUTH SCRAM-SHA-256',
  // n,,n=anna@isp.example,r=abc and c=biws,r=abcours,p=…
  'AUTH SCRAM-SHA-256 biwsbj1hbm5hQGlzcC5leGFtcGxlLHI9YWJj',
  'biwsbj1hbm5hQGlzcC5leGFtcGxlLHI9YWJj',
  'Yz1iaXdzLHI9YWJjb3VycyxwPU1EQXdNREF3TURBd01EQXdNREF3TURBd01EQXdNREF3TURBd01EQXdNREE9',
  'AGFubmFAaXNwLmV4YW1wbGUAc2VjcmV0',
  'YW5uYQ==',
  '*',
  'MAIL FROM:<anna@isp.example>',
  'MAIL FROM:<>',
  'MAIL FROM:<jürgen@bücher.example> SMTPUTF8 BODY=8BITMIME',
  'MAIL FROM:<anna@isp.example> SIZE=99999999',
  'MAIL FROM:<anna@isp.example> RET=FULL ENVID=a+2Bb REQUIRETLS',
  'MAIL FROM:anna@isp.example',
  'RCPT TO:<bert@isp.example>',
  'RCPT TO:<postmaster>',
  'RCPT TO:<friend@meadow.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+40b',
  'RCPT TO:<>',
  'RCPT TO:<a@b> NOTIFY=NEVER,FAILURE',
  'DATA',
  'DATA now',
  'BDAT 10',
  'BDAT 10 LAST',
  'BDAT 0 LAST',
  'BDAT -1',
  'RSET',
  'NOOP',
  'VRFY anna',
  'HELP',
  'XCLIENT ADDR=203.0.113.7 PORT=25 LOGIN=anna@isp.example',
  'XCLIENT ADDR=[UNAVAILABLE]',
  'QUIT',
  '',
  '\u0000\u0001',
  'X'.repeat(600),
] as const

/** What may have come of an answer: every verdict there is. */
const JUDGEMENTS = [
  { verdict: { kind: 'accept' } },
  { verdict: { kind: 'accept' } },
  { verdict: { kind: 'accept' }, message: 'M1' },
  { verdict: { kind: 'reject', reason: 'relay-denied' } },
  { verdict: { kind: 'defer', reason: 'try-later' } },
  { verdict: { kind: 'hold', reason: 'evidence', until: 1 } },
  { verdict: { kind: 'discard', reason: 'evidence' } },
] as const

/** Walks `steps` steps. Throws at the first rule that is broken, with the last inputs. */
export function walk(step: StepFunction, seed: number, steps: number): void {
  const luck = random(String(seed))
  const { chance, pick } = luck
  let left = steps
  while (left > 0) {
    const setup: Setup = {
      listener: pick(LISTENERS),
      ourName: 'mail.isp.example',
      postmaster: 'postmaster@isp.example',
      maxSize: 10_000,
      maxRecipients: 3,
      tlsAvailable: chance(0.8),
      bareNewlines: pick(['reject', 'normalize']),
      mayXclient: chance(0.2),
      greetPause: 0,
      scram: chance(0.5),
    }
    left -= session(step, { setup, luck, left })
  }
}

type Walk = {
  readonly setup: Setup
  readonly luck: Random
  readonly left: number
}

function session(step: StepFunction, { setup, luck, left }: Walk): number {
  const { chance, pick } = luck
  const trail: string[] = []
  let state: State = INITIAL
  let open = false
  let steps = 0
  let last: Reaction = { state, output: '' }
  const put = (input: Input) => {
    steps++
    trail.push(JSON.stringify(input).slice(0, 100))
    if (trail.length > 12) trail.shift()
    const before = state
    const reaction = step(state, input, setup)
    const broken = brokenRule(before, input, reaction, { setup, open })
    if (broken) throw new Error(`${broken}\n${trail.join('\n')}`)
    if (input.kind === 'opened') open = true
    if (reaction.ask?.ask === 'finish' || reaction.then === 'drop-message') open = false
    state = reaction.state
    last = reaction
  }
  put({ kind: 'connected' })
  for (;;) {
    if (steps >= left || state.phase === 'closed') break
    if (state.asked) put(answer(state, luck))
    else if (last.then === 'start-tls') put(chance(0.9) ? { kind: 'secured' } : { kind: 'timeout' })
    else if (state.phase === 'data' || state.chunk) {
      const kind = state.chunk ? 'chunk-end' : 'data-end'
      put({ kind, repaired: chance(0.2), tooLarge: chance(0.1) })
    } else if (chance(0.01)) put({ kind: pick(['timeout', 'shutdown', 'cut']) })
    else if (chance(0.02)) put({ kind: 'bad-line', why: pick(['too-long', 'bare-newline']) })
    else put({ kind: 'line', text: chance(0.6) ? sensible(state, setup, luck) : pick(WORDS) })
  }
  return Math.max(1, steps)
}

/** What a client that wants to get on says next: without it no walk would come far. */
function sensible(state: State, setup: Setup, { chance, pick }: Random): string {
  switch (state.phase) {
    case 'new':
      return 'EHLO home.example'
    case 'greeted':
      if (!state.tls && setup.tlsAvailable && chance(0.5)) return 'STARTTLS'
      if (state.auth?.wants === 'scram-final') return WORDS[14]
      if (state.auth?.wants === 'scram-end') return ''
      if (state.tls && !state.login && chance(0.5)) return setup.scram ? WORDS[12] : WORDS[6]
      return 'MAIL FROM:<anna@isp.example>'
    case 'mail':
      return 'RCPT TO:<bert@isp.example>'
    case 'rcpt':
      return pick(['RCPT TO:<bert@isp.example>', 'DATA', 'BDAT 10', 'BDAT 10 LAST'])
    default:
      return pick(['BDAT 10', 'BDAT 0 LAST', 'RSET'])
  }
}

function answer(state: State, { chance, pick }: Random): Input {
  if (chance(0.05)) return { kind: 'failed' }
  if (chance(0.02)) return { kind: pick(['cut', 'timeout', 'shutdown']) }
  switch (state.asked?.ask) {
    case 'verify':
      return {
        kind: 'verified',
        outcome: pick(['right', 'right', 'wrong', 'slow-down', 'later']),
        login: 'anna@isp.example',
      }
    case 'salt':
      return { kind: 'salted', nonce: 'ours', salt: 'c2FsdA==', iterations: 4096 }
    case 'prove':
      return chance(0.7)
        ? { kind: 'verified', outcome: 'right', login: 'anna@isp.example', signature: 'c2ln' }
        : { kind: 'verified', outcome: pick(['wrong', 'slow-down']), login: 'anna@isp.example' }
    case 'open':
      return { kind: 'opened' }
    default:
      return { kind: 'judged', judgement: pick(JUDGEMENTS) }
  }
}

/** The rule that a step has broken, in words; undefined when all hold. */
function brokenRule(
  before: State,
  input: Input,
  { state, output, ask, then }: Reaction,
  { setup, open }: { readonly setup: Setup; readonly open: boolean },
): string | undefined {
  if (!/^(?:\d{3}[- ][^\r\n]*\r\n)*$/.test(output)) return `not complete reply lines: ${output}`
  if (output !== '' && !/(?:^|\n)\d{3} [^\n]*\n$/.test(output))
    return 'the last line of a reply goes on'
  const finishing = before.asked?.ask === 'finish'
  const taken = input.kind === 'judged' && finishing
  const answered = taken || input.kind === 'failed'
  if (finishing && !answered && (state.phase === 'closed' || output !== ''))
    return 'the end of a session before the answer to a message that may be kept'
  if (finishing && answered && !/^\d{3} /.test(output)) return 'a message without an answer'
  if (output.startsWith('250 2.0.0 Ok: ') && !taken)
    return 'a message acknowledged that nobody took'
  if (taken && input.judgement.verdict.kind === 'reject' && output.startsWith('250'))
    return 'a refused message acknowledged'
  if (ask?.ask === 'finish' && !open) return 'the end of a message that was never begun'
  if (ask?.ask === 'open' && open) return 'a message begun inside another'
  if (ask?.ask === 'open' && state.recipients.length === 0) return 'a message for nobody'
  if (ask?.ask === 'verify' && (!state.tls || setup.listener === 'inbound'))
    return 'a password taken where none may be'
  const judgedIn =
    input.kind === 'judged' && before.asked?.ask === 'judge' && before.asked.stage === 'auth'
  const told = input.kind === 'line' && input.text.startsWith('XCLIENT') && setup.mayXclient
  if (state.login !== undefined && before.login === undefined && !judgedIn && !told)
    return 'a login that nobody judged'
  if (state.recipients.length > setup.maxRecipients) return 'more recipients than there may be'
  if (state.phase === 'rcpt' && (state.recipients.length === 0 || !state.mail))
    return 'a transaction without sender or recipient'
  if (
    (state.phase === 'greeted' || state.phase === 'new') &&
    (state.mail ?? state.recipients.length > 0)
  )
    return 'a transaction that is over and still there'
  if (then === 'start-tls' && (state.login !== undefined || state.helo !== ''))
    return 'what was said before TLS is still believed'
  if (before.tls && !state.tls) return 'TLS forgotten'
  if (before.phase === 'closed' && output !== '') return 'words after the end'
  if (state.phase !== 'closed' && state.errors > 20) return 'no end of mistakes'
  return undefined
}
