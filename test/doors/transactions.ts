// One set of transactions for every door: what a client says, and how it must end.

import type { ListenerKind } from '../../src/model/step.ts'

export type DoorTransaction = {
  readonly name: string
  readonly listener: ListenerKind
  readonly helo: string
  readonly login?: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly message: string
  /** What decides is in the message itself: a door that does not see it cannot know. */
  readonly byContent?: true
}

const letter = (from: string, subject = 'hello') =>
  `From: <${from}>\r\nSubject: ${subject}\r\n\r\nhello there\r\n`
const ANNA = 'anna@isp.example'
const BERT = 'bert@isp.example'
const submission = {
  listener: 'submission',
  helo: 'home.example',
  login: BERT,
  sender: BERT,
  message: letter(BERT),
} as const
const inbound = {
  listener: 'inbound',
  helo: 'mx.meadow.example',
  sender: 'a@meadow.example',
  message: letter('a@meadow.example'),
} as const
const friends = ['friend@meadow.example']

export const TRANSACTIONS: readonly DoorTransaction[] = [
  { ...submission, name: 'a letter to a friend', recipients: friends },
  { ...submission, name: 'to a neighbour', recipients: [ANNA] },
  { ...submission, name: 'to a neighbour who does not exist', recipients: ['nobody@isp.example'] },
  {
    ...submission,
    name: 'to some who exist',
    recipients: ['nobody@isp.example', ANNA, 'friend@copper.example'],
  },
  { ...submission, name: 'under an alias', sender: 'bert.ek@isp.example', recipients: friends },
  { ...submission, name: 'as somebody else', sender: ANNA, recipients: friends },
  // A receipt may be.
  { ...submission, name: 'as nobody', byContent: true, sender: '', recipients: friends },
  {
    ...submission,
    name: "with somebody else's From",
    byContent: true,
    message: letter(ANNA),
    recipients: friends,
  },
  {
    ...submission,
    name: 'with two Froms, one not ours',
    byContent: true,
    message: letter(`${BERT}>, <${ANNA}`),
    recipients: friends,
  },
  {
    ...submission,
    name: 'without a From',
    byContent: true,
    message: 'Subject: hello\r\n\r\nhello there\r\n',
    recipients: friends,
  },
  {
    ...submission,
    name: 'with two From fields',
    byContent: true,
    message: `From: ${BERT}\r\n${letter(BERT)}`,
    recipients: friends,
  },
  {
    ...submission,
    name: 'with text behind the address',
    byContent: true,
    message: letter(`${BERT}> Bank <${BERT}`),
    recipients: friends,
  },
  {
    ...submission,
    name: 'with more fields than anybody reads',
    byContent: true,
    message: `${'X-A: b\r\n'.repeat(1001)}${letter(BERT)}`,
    recipients: friends,
  },
  {
    ...submission,
    name: 'through too many servers',
    byContent: true,
    message: `${'Received: from x by y\r\n'.repeat(101)}${letter(BERT)}`,
    recipients: friends,
  },
  {
    listener: 'submission',
    name: 'without a login',
    helo: 'home.example',
    sender: BERT,
    recipients: friends,
    message: letter(BERT),
  },
  { ...inbound, name: 'from outside to a mailbox', recipients: [ANNA] },
  { ...inbound, name: 'from outside, a bounce', sender: '', recipients: [ANNA] },
  { ...inbound, name: 'from outside to an alias', recipients: ['anna.ek@isp.example'] },
  { ...inbound, name: 'from outside to nobody', recipients: ['nobody@isp.example'] },
  { ...inbound, name: 'from outside to outside', recipients: friends },
  { ...inbound, name: 'from outside under our name', helo: 'mail.isp.example', recipients: [ANNA] },
  {
    ...inbound,
    name: 'from outside with a bare word for a name',
    helo: 'friend',
    recipients: [ANNA],
  },
  {
    ...inbound,
    name: 'from outside, going in circles',
    byContent: true,
    message: `${'Received: from x by y\r\n'.repeat(101)}${letter('a@meadow.example')}`,
    recipients: [ANNA],
  },
  {
    ...inbound,
    name: 'from outside, with more fields than anybody reads',
    byContent: true,
    message: `${'A: \r\n'.repeat(1001)}${letter('a@meadow.example')}`,
    recipients: [ANNA],
  },
  {
    ...inbound,
    name: 'from outside, without a From',
    message: 'Subject: hello\r\n\r\nhello there\r\n',
    recipients: [ANNA],
  },
  {
    listener: 'trusted-network',
    name: 'from a printer',
    helo: 'printer',
    sender: 'printer@bert.example',
    recipients: friends,
    message: letter('printer@bert.example'),
  },
  {
    listener: 'redirected',
    name: 'from a server redirected',
    helo: 'my.example',
    sender: 'x@my.example',
    recipients: friends,
    message: letter('x@my.example'),
  },
]

/** More of the same, each with one thing changed. */
const SENDERS = ['', 'a@meadow.example', 'friend@copper.example', 'x@never.example', BERT]
const GREETINGS = ['mx.meadow.example', 'mail.isp.example', 'friend', '[127.0.0.1]']
const TARGETS = [[ANNA], ['nobody@isp.example'], [ANNA, 'nobody@isp.example', BERT]]
export const MORE: readonly DoorTransaction[] = SENDERS.flatMap(sender =>
  GREETINGS.flatMap(helo =>
    TARGETS.map((recipients, i) => ({
      ...inbound,
      name: `from outside as <${sender}>, ${helo}, to ${i + 1}`,
      helo,
      sender,
      recipients,
    })),
  ),
)

/** What came of it, in words every door can say. */
export type Ended = readonly string[]
