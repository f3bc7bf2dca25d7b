// English.

import type { Sentences } from '../sentences.ts'
import { ENGLISH_LETTERS } from './letters.ts'
import { ENGLISH_PORTAL } from './portal.ts'

export const ENGLISH: Sentences = {
  name: 'English',
  locale: 'en-GB',
  names: { provider: 'Your provider', portal: 'the customer portal' },
  letters: ENGLISH_LETTERS,
  portal: ENGLISH_PORTAL,
  seen: {
    evidence: {
      content: 'messages that a filter takes for spam',
      recipients: 'messages to people you had not written to before',
      results: 'messages to addresses that do not exist',
      refusals: 'other mail servers refused messages as spam',
      network: 'connections like those of infected devices',
      authentication: 'logins from networks where you had not been before',
      volume: 'far more messages than usual',
      reports: 'complaints of recipients',
      other: 'something unusual',
    },
    overLimit: 'more messages or recipients than are sent at once',
    optOut: {
      ownServer: name => `your own mail server ${name} may send to everybody`,
      destinations: all => `to ${all}, and to nobody else`,
      ended: {
        owner: 'you asked for it',
        finding: 'a device behind your connection was found to send spam',
        time: 'it was not confirmed for a year',
        staff: 'our staff ended it',
      },
    },
    port25: {
      advice: {
        'another-server':
          'a mail program of yours uses port 25 of another provider: set port 587 there, with your password',
        'own-server':
          'it looks as if you run a mail server: ask for port 25 in the portal before that date',
        'looks-infected':
          'so many servers at once are mostly the doing of a virus: please check your devices',
      },
      server: address => `seen: ${address}`,
      others: 'and others',
    },
  },
  page: {
    heading: {
      spam: 'Your connection is restricted: a device behind it sends spam',
      infected: 'Your connection is restricted: a device behind it seems infected',
      imposed: 'Your connection is restricted by our service desk',
      suspended: 'Sending is suspended on your connection',
      open: 'Your connection is not restricted',
      unknown: 'Is your connection restricted?',
    },
    why: {
      evidence:
        'A computer or another device behind your connection is probably infected with a virus, without your knowledge.',
      imposed: 'Our service desk has decided this. Please call: they tell you what they saw.',
      suspended: 'Our service desk has decided this, and only they can lift it. Please call.',
      open: 'Everything is open. If you were led to this page, load the page you wanted once more.',
      unknown:
        'This page cannot tell which connection you come from. Letters from us have a case code: with it our service desk helps you.',
    },
    seen: 'What we saw',
    since: 'Since',
    until: 'Ends by itself at the latest',
    caseCode: 'Your case',
    phone: 'Telephone',
    stopped: 'What is stopped',
    stops: {
      isolate:
        'Sending straight to other mail servers (port 25) is closed, suspicious messages are kept, and pages without encryption (http) lead here. Reading mail and encrypted pages (https) go on.',
      suspend:
        'Sending mail from your connection is stopped. Reading mail and encrypted pages (https) go on.',
    },
    todo: 'What to do',
    check: 'Check every device in your home with an up-to-date virus scanner.',
    release: portal =>
      `Then open ${portal}, log in with your customer number and your portal password, and press “It is fixed”. The restriction ends within a second.`,
    openPortal: 'Log in',
    call: 'If you need help, call our service desk and name your case.',
    quiet: hours => `If nothing more is seen for ${hours} hours, it opens by itself.`,
  },
  setup: {
    heading: 'Set up your mail program',
    address: 'Your mail address',
    show: 'Show the settings',
    notOurs: 'That is no address of ours. Please look whether it is written correctly.',
    itself:
      'Most programs find all of this by themselves: your mail address and your password are enough.',
    servers: 'If your program asks',
    read: 'Incoming mail',
    send: 'Outgoing mail',
    server: 'Server',
    port: 'Port',
    security: 'Security of the connection',
    login: 'User name, the same for both',
    password: 'Password, the same for both',
    yourPassword: 'that of your mailbox',
    apple: 'iPhone, iPad and Mac',
    profile:
      'A profile sets up the Mail app. It has no password in it: your device asks for that when you install it.',
    install: 'Load the profile',
    signed: 'The profile is signed by us: your device shows our name.',
    unsigned: 'The profile is not signed: your device says so before it installs it.',
    phone: 'On your phone',
    scan: 'Point the camera of your phone at this code to open this page there.',
    code: 'Code for the camera, with the address of this page',
  },
}
