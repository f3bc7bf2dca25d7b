// The notices in English.

import { MAX_HOLD_HOURS } from '../../model/decision.ts'
import { type NoticeFacts, type PacedFacts, QUIET_HOURS, type Words } from '../notice-words.ts'

const list = (seen: readonly string[]) => seen.map(line => `  - ${line}`).join('\n')
const reference = ({ caseCode, customer }: NoticeFacts) =>
  caseCode === undefined
    ? `your ${customer.includes('@') ? 'mail account' : 'customer number'}: ${customer}`
    : `your case: ${caseCode}`
const signed = (facts: NoticeFacts) => `${facts.provider}, ${reference(facts)}

This message contains no link on purpose.${facts.passwordsAt === undefined ? ` Open ${facts.portal} the way you always do.` : ''}
`

/** Beside another server there may be no portal: the service desk is asked. */
const whenFixed = ({ portal, passwordsAt }: NoticeFacts, begin: string) =>
  passwordsAt === undefined
    ? `  2. ${begin} open ${portal}, log in with your customer number and your portal
     password, and press "It is fixed". The restriction ends within a second.`
    : `  2. ${begin} call our service desk, and name the case below: the restriction ends
     within a second.`

/** Where another server knows the passwords, Cordon does not learn that one is new. */
const newPassword = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `  1. Open ${portal}, log in with your customer number and your portal password,
     and set a new mail password. Sending works again at once.
  2. Put the new password into your mail programs.`
    : `  1. Set a new mail password in ${passwordsAt}.
  2. Put the new password into your mail programs.
  3. Call our service desk, and name the case below: then sending works again at once.`

const kept = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `Messages that were kept and look suspicious wait for you in ${portal}: you can
send or delete them there. What you leave is deleted after ${MAX_HOLD_HOURS} hours, and you are told.`
    : 'What became of messages that were kept our service desk knows: please call them.'

/** Where another server keeps the mail, its customers may have no portal. */
const decideThere = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `  1. Open ${portal}, and send or delete each message there.`
    : `  1. Call our service desk, and name the case below: they send or delete what waits.`

const count = (n: number) => (n === 1 ? 'one message' : `${n} messages`)
const NOTHING: PacedFacts = { toNew: 0, toKnown: 0, judgedSpam: 0 }
const all = ({ toNew, toKnown, judgedSpam }: PacedFacts) => toNew + toKnown + judgedSpam
const pacedList = ({ toNew, toKnown, judgedSpam }: PacedFacts) =>
  list([
    ...(toNew > 0 ? [`${count(toNew)} to people you have not written to before`] : []),
    ...(judgedSpam > 0 ? [`${count(judgedSpam)} that a filter takes for spam`] : []),
    ...(toKnown > 0 ? [`${count(toKnown)} to people you know, sent with the others`] : []),
  ])
/** Not what mail that is taken for spam waits for: a thief may read this. */
const pacedEnd = ({ lastLeaves, judgedSpam }: PacedFacts) =>
  [
    ...(lastLeaves === undefined ? [] : [`It leaves by itself, the last about ${lastLeaves}.`]),
    ...(judgedSpam > 0
      ? ['What is taken for spam and has not left within five days comes back to your mailbox.']
      : []),
  ].join(' ')

const isMine = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `If it should leave at once, open
     ${portal} and press "It was me", with the code of your second factor; or call our
     service desk.`
    : 'If it should leave at once, call our service desk.'

const isNotMine = ({ portal, passwordsAt, login }: NoticeFacts) => {
  const check =
    login === undefined
      ? 'check every device in your home with an up-to-date virus scanner, and '
      : 'and '
  return passwordsAt === undefined
    ? `press "It was not me" in ${portal}, delete there what waits,
     ${check}change your mail password.`
    : `call our service desk, ${check}change your mail password in ${passwordsAt}.`
}

export const ENGLISH_LETTERS: Words = {
  isolated: facts => ({
    subject: `${facts.spam ? 'Your connection sends spam' : 'A device behind your connection seems infected'} (case ${facts.caseCode})`,
    text: `Good day,

a computer or another device behind your connection has been ${facts.spam ? 'sending spam' : 'doing what infected devices do'} since
${facts.since}. Probably it is infected with a virus, without your knowledge.

What we saw:
${list(facts.seen)}

What we have done: ${facts.hereOnly ? 'on our mail server' : 'direct sending to other mail servers (port 25) is closed on your connection, and'}
messages that speak for an infection are kept; ordinary ones to
people you have not written to before may be among them, and any while you send
unusually many. Other mail to people you know, reading mail and surfing go on.

What you can do:
  1. Check every device in your home with an up-to-date virus scanner.
${whenFixed(facts, 'Then')}

If nothing more is seen for ${QUIET_HOURS} hours, ${facts.hereOnly ? 'this ends' : 'it opens'} by itself.

${signed(facts)}`,
  }),
  'login-stopped': facts => ({
    subject: `Somebody else uses your mail password (case ${facts.caseCode})`,
    text: `Good day,

since ${facts.since} somebody has been ${facts.spam ? 'sending spam with' : 'using'} the mail account
${facts.login ?? ''} from a place where you are not.

What we saw:
${list(facts.seen)}

What we have done: sending with this account is stopped. You can still read your mail.
Your connection is not affected.

What you can do:
${newPassword(facts)}

${signed(facts)}`,
  }),
  'site-warned': facts => ({
    subject: `A device in your network ${facts.spam ? 'sends spam' : 'seems infected'} (case ${facts.caseCode})`,
    text: `Good day,

since ${facts.since} a device in your network has been ${facts.spam ? 'sending spam' : 'doing what infected devices do'}. Because many
people share your connection we have not closed anything; suspicious messages are kept.

What we saw:
${list(facts.seen)}

Please find the device and clean it. The service desk will help you with the details.

${signed(facts)}`,
  }),
  imposed: facts => ({
    subject: `${facts.hereOnly ? 'Mail from your connection is kept back' : 'Direct sending is closed on your connection'} (case ${facts.caseCode})`,
    text: `Good day,

our service desk has ${facts.hereOnly ? 'restricted what our mail server takes from your connection' : 'closed direct sending to other mail servers (port 25) on your connection'}.
Messages that may be part of what they looked at are kept; ordinary ones to people you
have not written to before may be among them, and any while you send unusually many.
Other mail to people you know, reading mail and surfing go on.

What you can do:
  1. Call our service desk and name the case below: they tell you what they saw, and
     what is to be mended.
${whenFixed(facts, 'When it is mended,')}

${facts.hereOnly ? 'This ends' : 'It opens'} by itself on ${facts.until ?? ''}.

${signed(facts)}`,
  }),
  'imposed-login': facts => ({
    subject: `Sending with your mail account is stopped (case ${facts.caseCode})`,
    text: `Good day,

our service desk has stopped sending with the mail account ${facts.login ?? ''}, because
somebody else seems to use it. You can still read your mail, and your connection is not
affected.

What you can do:
${newPassword(facts)}

Without that it ends by itself on ${facts.until ?? ''}.

${signed(facts)}`,
  }),
  suspended: facts => ({
    subject: `Sending is suspended on your connection (case ${facts.caseCode})`,
    text: `Good day,

our service desk has suspended sending from your connection until ${facts.until ?? ''}.
Only they can lift it: please call them, and name the case below. Reading mail and
surfing go on${facts.passwordsAt === undefined ? `, and you reach ${facts.portal} as always` : ''}.

${signed(facts)}`,
  }),
  released: facts => ({
    subject: `The restriction has ended (case ${facts.caseCode})`,
    text: `Good day,

thank you: the restriction has ended. Mail that still looks unusual may go on waiting
for its turn. For two weeks we look a little closer; if the trouble comes back, we will
notice sooner.

${kept(facts)}

${signed(facts)}`,
  }),
  'over-limit': facts => ({
    subject: 'Some of your mail is waiting',
    text: `Good day,

you have sent more mail than is sent at once, so some of it waits and is then sent by
itself${facts.passwordsAt === undefined ? `; ${facts.portal} shows when` : ''}. If this was not you, please change your mail password in
${facts.passwordsAt ?? facts.portal}.

What we saw:
${list(facts.seen)}

One message to very many people waits longer: as long as the limit takes for so many. If
that is more than ${MAX_HOLD_HOURS} hours, it is deleted then, and you are told.
${facts.passwordsAt === undefined ? 'You can send it before, in the portal.' : 'Our service desk can send it before.'}

${signed(facts)}`,
  }),
  'mail-waits': facts => ({
    subject: `Some of your mail waits for you (case ${facts.caseCode})`,
    text: `Good day,

since ${facts.since} ${facts.login === undefined ? 'your connection' : `the mail account ${facts.login}`} has sent mail as infected devices and stolen passwords
do. It may be all yours: nobody has read it. Until somebody says so, it waits.

What we saw:
${list(facts.seen)}

What you can do:
${decideThere(facts)}
  2. If it was not you, ${facts.login === undefined ? 'check every device in your home with an up-to-date virus scanner' : `change your mail password in ${facts.passwordsAt ?? facts.portal}`}.

What you leave is deleted after ${MAX_HOLD_HOURS} hours, and you are told.

${signed(facts)}`,
  }),
  'was-it-you': ({ paced = NOTHING, ...facts }) => ({
    subject: `${all(paced) === 1 ? 'A message of yours waits' : `${all(paced)} of your messages wait`}: was it you?`,
    text: `Good day,

since ${facts.since} more mail has been sent with ${facts.login === undefined ? 'your connection or your mail accounts' : `the mail account ${facts.login}`} than leaves
at once. What waits:
${pacedList(paced)}

${pacedEnd(paced)}

What you can do:
  1. If it was you, ${paced.judgedSpam > 0 ? 'say so: else a part of it may come back to you' : 'you need do nothing'}. ${isMine(facts)}
  2. If it was not you, ${isNotMine(facts)}

An answer to this letter changes nothing: whoever reads your mail could write it.

${signed(facts)}`,
  }),
  'opt-out-code': facts => ({
    subject: `Port 25: please confirm (${facts.caseCode})`,
    text: `Good day,

somebody who knows your portal password asks to open port 25 of your connection:
${list(facts.seen)}

If that was you, type this code in ${facts.portal}, from your own connection, within a day:

    ${facts.proof ?? ''}

If it was not you, do nothing, and change your portal password.

${signed(facts)}`,
  }),
  'opt-out-open': facts => ({
    subject: `Port 25 of your connection is open (${facts.caseCode})`,
    text: `Good day,

port 25 of your connection is open now:
${list(facts.seen)}

We ask you to confirm it again before ${facts.until ?? ''}. If a device behind your connection
is found to send spam, it is closed at once. You can close it yourself in ${facts.portal}.

${signed(facts)}`,
  }),
  'opt-out-ended': facts => ({
    subject: `Port 25 of your connection is closed (${facts.caseCode})`,
    text: `Good day,

port 25 of your connection is closed again:
${list(facts.seen)}

Mail programs need port 587 of their mail provider, which is open as always. You can ask
for port 25 again in ${facts.portal}.

${signed(facts)}`,
  }),
  'opt-out-reminder': facts => ({
    subject: `Port 25: do you still need it? (${facts.caseCode})`,
    text: `Good day,

port 25 of your connection has been open for a year:
${list(facts.seen)}

If you still need it, confirm it in ${facts.portal} before ${facts.until ?? ''}. Otherwise do
nothing: it is closed then.

${signed(facts)}`,
  }),
  'port-25-closes': facts => ({
    subject: `Port 25 of your connection closes on ${facts.until ?? ''}`,
    text: `Good day,

from ${facts.until ?? ''} on, connections like yours can no longer send mail straight to other
people's servers (port 25). Viruses do that; mail programs need not. Yours was seen to:
${list(facts.seen)}

What to do, before that date:
  1. A mail program: set the outgoing server's port to 587 (STARTTLS) or 465 (TLS), with
     your mail password. Server and password stay what they are.
  2. A mail server of your own, or a server that only listens on port 25: open
     ${facts.portal} and ask for port 25 there. It stays open for you then.

Reading mail, surfing, and everything else stays as it is.

${signed(facts)}`,
  }),
}
