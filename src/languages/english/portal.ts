// The portal in English. Which sentences there are, other languages take from here.

import { MAX_HOLD_HOURS } from '../../model/decision.ts'
import type { RefusalWhy } from '../../model/order.ts'

const LEFT = `What you leave is deleted after ${MAX_HOLD_HOURS} hours, and you are told.`
const AGAIN =
  'Each is looked at again at the time beside it, and sent then if nothing more was seen.'
const left = (mine: boolean) => (mine ? LEFT : AGAIN)

export type QuestionTold = {
  readonly since: string
  readonly messages: number
  /** There are more than these. */
  readonly more: boolean
  readonly whose: string
  readonly recipients: number
  readonly domains: string
}

export const ENGLISH_PORTAL = {
  title: 'customer portal',
  login: {
    customer: 'Customer number',
    password: 'Portal password',
    factor: 'Code of your second factor, if you have one',
    which: 'The portal password is the one from your contract, not the one of your mail.',
    enter: 'Log in',
    leave: 'Log out',
    busy: 'Very many people are logging in just now. Please try again in a few seconds.',
    codes: 'Too many wrong codes. Please wait a quarter of an hour.',
    wrong: 'Customer number, portal password or the code of your second factor is not right.',
    tooMany: (minutes: number) =>
      `Too many wrong attempts from here, or with this customer number. Please wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, or log in from your own connection.`,
  },
  home: {
    customer: (id: string) => `Customer ${id}`,
    once: 'This is shown once:',
    inOrder: 'Everything is in order: your connection is open and your mail goes out.',
    mailWaits:
      'Your connection is open. Some of your messages wait: below stands why, and until when.',
    mailPassword: 'Mail password',
    newPassword: 'New mail password',
    newPasswordFor: (login: string) => `New mail password for ${login}`,
    change: 'Change',
    factor: 'Code of your second factor',
    oldForm: 'This form is too old. Go back and reload.',
    notHere: 'Not something this page can do.',
  },
  cases: {
    over: (code: string) => `Case ${code}: over`,
    overWords:
      'The restriction has ended. For two weeks we look a little closer; what mail still waits is shown on this page.',
    held: (code: string) => `Case ${code}: some mail waits`,
    heldWords:
      'What we saw may come from a virus, or may only be unusual. Messages that may be part of it wait until nothing more was seen for half an hour; all others go out.',
    login: (code: string) => `Case ${code}: somebody else uses your mail password`,
    loginWords:
      'Sending with this mail account is stopped. Set a new mail password below: that ends it at once. You can read your mail meanwhile.',
    spam: (code: string) => `Case ${code}: your connection sends spam`,
    infected: (code: string) => `Case ${code}: a device behind your connection seems infected`,
    infectedWords:
      'A device in your home is probably infected. Suspicious messages are kept, and sending straight to other mail servers may be closed; everything else goes on.',
    seen: 'What we saw:',
    check: 'Check every device with an up-to-date virus scanner. Then:',
    fixed: 'It is fixed',
  },
  programs: {
    title: 'Passwords for single programs',
    words:
      'One for each device or program: it can do only what you allow, and when the device is lost you remove it alone. A new mail password removes them all.',
    may: (login: string, send: boolean, read: boolean) =>
      `${login}, may ${[...(send ? ['send mail'] : []), ...(read ? ['read mail'] : [])].join(' and ')}`,
    neverUsed: 'never used',
    lastUsed: (day: string) => `last used ${day}`,
    remove: 'Remove',
    account: 'Mail account',
    purpose: 'For',
    example: 'Printer in the hall',
    maySend: 'may send mail',
    mayRead: 'may read mail',
    make: 'Make a password',
  },
  held: {
    turnTitle: (count: number, more: boolean) =>
      `Messages that wait for their turn (${count}${more ? ', and more behind them' : ''})`,
    title: (count: number, more: boolean) =>
      `Messages that wait (${count}${more ? ' or more: send or delete these to see the others' : ''})`,
    turn: (_mine: boolean) =>
      'You have sent more mail to people you have not written to before than is sent at once. These messages wait for their turn: each is sent by itself at about the time beside it. You need do nothing, and your other mail goes as always.',
    'turn-spam': (_mine: boolean) =>
      'A filter takes these messages for spam, or much of what you sent with them, so only a few are sent at a time. Delete those that you did not write. What you leave is sent by itself, or comes back to your mailbox: see beside it.',
    limit: (mine: boolean) =>
      `You have sent more mail than is sent at once. Nothing is wrong with these messages${mine ? ', but while your case is open they wait for you: send those that you wrote, delete the others.' : ': you need do nothing.'}`,
    spam: (mine: boolean) =>
      `These messages were taken for spam. Send those that you wrote, delete the others. ${left(mine)}`,
    evidence: (mine: boolean) =>
      `What we saw may come from a virus, and these messages may be part of it; an ordinary message to somebody you have not written to before may be among them. Send those that you wrote, delete the others. ${left(mine)}`,
    staff: (mine: boolean) =>
      `Our service desk has decided that mail which may come from a virus waits. Send those that you wrote, delete the others. ${left(mine)}`,
    postmaster: (_mine: boolean) =>
      'These messages wait until our postmaster has looked at them, and not longer than the time beside them: then they are sent.',
    again: (_mine: boolean) =>
      'These messages are looked at again at the time beside them, and then sent.',
    noSubject: '(no subject)',
    to: (recipients: string) => `to ${recipients}`,
    send: 'Send',
    delete: 'Delete',
    sendAll: (count: number) => `Send all ${count}`,
    deleteAll: (count: number) => `Delete all ${count}`,
    sureDelete: 'Yes, all of them: they cannot be brought back',
    code: 'Code',
    codeToSend: 'Code of your second factor, to send it',
    returns: (time: string) =>
      `sent by itself once no more of the kind comes for a while, or back to you at about ${time}`,
    leaves: (time: string) => `sent by itself at about ${time}`,
    latest: (time: string) => `sent at ${time} at the latest`,
    at: (time: string) => `sent by itself at ${time}`,
    yours: 'waits for you',
    lookedAt: (time: string) => `looked at again at ${time}`,
  },
  question: {
    title: 'Was it you?',
    line: 'your connection',
    login: (login: string) => `the mail account ${login}`,
    waits: (told: QuestionTold) =>
      `Since ${told.since} ${told.messages === 1 ? 'a message waits that was' : `${told.messages}${told.more ? ' or more' : ''} messages wait that were`} sent with ${told.whose}, to ${told.recipients === 1 ? 'one recipient' : `${told.recipients} recipients`}: ${told.domains}.`,
    at: (count: number, domain: string) => `${count} at ${domain}`,
    others: (count: number) => `, and ${count} ${count === 1 ? 'other domain' : 'other domains'}`,
    leaves: (time: string) => `It goes by itself, the last about ${time}.`,
    returns: (time: string) =>
      `What a filter takes for spam goes once no more of the kind comes for a while, or comes back to your mailbox, the last about ${time}.`,
    noFactor: (mayReturn: boolean) =>
      `If it was you, ${mayReturn ? 'say so, for a part of it may come back to you else' : 'you need do nothing'}. If it should go at once, set up a second factor below, from your own connection, and then say so here; or call our service desk. A thief who has only your password cannot say it for you.`,
    wasMe: 'It was me',
    notMe: 'It was not me',
  },
  mailing: {
    title: 'A mailing to many people',
    words:
      'Mail to many people whom you have not written to before waits for its turn, unless you announce it.',
    with: 'Sent with',
    line: 'a program at your own connection',
    login: (login: string) => `${login}, from elsewhere`,
    people: 'To how many people',
    hours: 'Within how many hours',
    announce: 'Announce it',
  },
  port25: {
    expert: 'Open: it is part of your contract.',
    closed:
      'Closed, as for everybody: mail programs use port 587 or 465, which are always open. Only who runs a mail server, or must use another provider’s on port 25, needs it.',
    factorFirst: 'To open it, set up a second factor below first.',
    ownServer: (server: string) => `Open for your mail server ${server}.`,
    reverseDns: ' We have been asked to give its address that name.',
    destinations: (all: string) => `Open to ${all}, and to nobody else.`,
    confirm: (day: string) =>
      `Confirm it before ${day}, or it ends. If a device of yours is found to send spam, it ends at once.`,
    renew: 'I still need it',
    close: 'Close it',
    letter: (code: string) =>
      `We have written you a letter (${code}). From your own connection, type the code that is in it:`,
    letterCode: 'Code of the letter',
    open: 'Open port 25',
    forget: 'Forget it',
    server: 'I run a mail server.',
    serverWords: 'We look whether it sends mail on for strangers, and give its address its name.',
    serverName: 'Its full name',
    other: 'I use another provider’s server on port 25.',
    otherWords: (most: number) => `Up to ${most}, by name or address, with spaces between.`,
    servers: 'Servers',
    ask: 'Ask',
  },
  factor: {
    title: 'Second factor',
    there: 'Set up: we ask for its code when you log in. If you lose it, please call us.',
    words:
      'A program on your telephone that shows a new code every half minute (any for time based codes). Whoever knows only your password can then not log in.',
    show: 'Show me a key',
    first: 'First code it shows',
    setUp: 'Set it up',
  },
  /** What an order came to, where more is not known in the language. */
  outcome: {
    done: 'Done.',
    sent: (done: number) => `${done === 1 ? 'One message is' : `${done} messages are`} on the way.`,
    deleted: (done: number) => `${done === 1 ? 'One message is' : `${done} messages are`} deleted.`,
    turn: (turn: number) =>
      `${turn === 1 ? 'One message waits' : `${turn} messages wait`} for ${turn === 1 ? 'its' : 'their'} turn now, and will be sent by ${turn === 1 ? 'itself' : 'themselves'}.`,
    gone: (gone: number) =>
      `${gone === 1 ? 'One message' : `${gone} messages`} had been sent or deleted before.`,
    left: (left: number) =>
      `With ${left === 1 ? 'one' : left} it did not work: see below, or call our service desk.`,
    refused: 'That did not work. Please look at what you typed, or call our service desk.',
    key: 'Put this key into your program for codes (time based, six digits), and type the first code it shows.',
    password: 'The mail password is changed. Put it into your mail programs.',
    released: 'Thank you: the restriction has ended. What mail still waits is shown on your page.',
  },
  /** Why an order is refused. */
  why: {
    'no-factor':
      'Please set up a second factor first, from your own connection: whoever knows your password alone must not do this for you.',
    'no-code': 'Please type the code of your second factor with it.',
    'wrong-code':
      'The code of your second factor is not right, or was used already. Wait for the next one.',
    'codes-wait': 'Too many wrong codes. Please wait a quarter of an hour.',
    'first-code':
      'That is not the code your program should show now. Check its clock and try again.',
    'has-factor': 'You have a second factor already. If you lost it, please call us.',
    elsewhere:
      'Please do this from your own connection. With a VPN or a mobile network, switch it off for this step.',
    'no-login': 'There is no such mail account of yours.',
    'enough-passwords': 'There are as many passwords as there may be. Please remove some first.',
    'not-held': 'This message does not wait any more: it was sent or deleted before.',
    'not-now': 'That is not possible just now. Please try again in a few minutes.',
    'too-often': 'That was said as often today as it counts. Please call our service desk.',
    'letter-code': 'That is not the code of our letter. Look at the newest one.',
    'ask-again': 'There is nothing to confirm any more. Please ask again.',
    'no-contact': 'We have no mail address of yours to write to. Please call us.',
    'server-name':
      'The name of your server does not lead to your connection. Set its address in your domain, wait until that is known, and confirm again.',
    'server-open':
      'Your server sends mail on for strangers: spammers find that within hours. Let it take mail for your own domains only, and confirm again.',
    'server-silent':
      'Your server broke off when we looked at it. Please confirm again when it answers.',
    'no-such-name': 'There is no server of that name. Is it written right?',
    infected:
      'Meanwhile a device behind your connection was found to send spam. Please ask again when a week has passed without.',
  } satisfies Readonly<Record<RefusalWhy, string>>,
}

export type PortalWords = typeof ENGLISH_PORTAL
