// The notices in English.

import type { NoticeFacts, Words } from './notice.ts'

const list = (seen: readonly string[]) => seen.map(line => `  - ${line}`).join('\n')
const signed = (facts: NoticeFacts) => `${facts.provider}, your case: ${facts.caseCode}

This message contains no link on purpose. Open ${facts.portal} the way you always do.
`

export const ENGLISH: Words = {
  isolated: facts => ({
    subject: `Your connection sends spam (case ${facts.caseCode})`,
    text: `Good day,

a computer or another device behind your connection has been sending spam since
${facts.since}. Probably it is infected with a virus, without your knowledge.

What we saw:
${list(facts.seen)}

What we have done: direct sending to other mail servers (port 25) is closed on your
connection, and suspicious messages are kept. Your own ordinary mail, reading mail
and surfing go on.

What you can do:
  1. Check every device in your home with an up-to-date virus scanner.
  2. Then open ${facts.portal}, log in with your customer number and your portal
     password, and press "It is fixed". Everything is open again within a second.

If nothing more is seen for 72 hours, it opens by itself.

${signed(facts)}`,
  }),
  'login-stopped': facts => ({
    subject: `Somebody else uses your mail password (case ${facts.caseCode})`,
    text: `Good day,

since ${facts.since} somebody has been sending spam with the mail account
${facts.login ?? ''} from a place where you are not.

What we saw:
${list(facts.seen)}

What we have done: sending with this account is stopped. You can still read your mail.
Your connection is not affected.

What you can do:
  1. Open ${facts.portal}, log in with your customer number and your portal password,
     and set a new mail password. Sending works again at once.
  2. Put the new password into your mail programs.

${signed(facts)}`,
  }),
  'site-warned': facts => ({
    subject: `A device in your network sends spam (case ${facts.caseCode})`,
    text: `Good day,

since ${facts.since} a device in your network has been sending spam. Because many
people share your connection we have not closed anything; suspicious messages are kept.

What we saw:
${list(facts.seen)}

Please find the device and clean it. The service desk will help you with the details.

${signed(facts)}`,
  }),
  released: facts => ({
    subject: `Everything is open again (case ${facts.caseCode})`,
    text: `Good day,

thank you: everything is open again. For two weeks we look a little closer; if the
trouble comes back, we will notice sooner.

Messages that were kept and look suspicious wait for you in ${facts.portal}: you can
send or delete them there. What you leave is deleted after 72 hours, and you are told.

${signed(facts)}`,
  }),
  'over-limit': facts => ({
    subject: 'Some of your mail is waiting',
    text: `Good day,

you have sent more mail than usual, so some of it waits a little and is then sent by
itself. If this was not you, please change your mail password in ${facts.portal}.

What we saw:
${list(facts.seen)}

${signed(facts)}`,
  }),
}
