// What people and bots write. Spam is varied from copy to copy, the way spam programs do it.

import type { Random } from './random.ts'

export type Text = { readonly subject: string; readonly body: string }

const OPENINGS = ['Hello', 'Hi', 'Dear all', 'Good morning', 'Hey', 'Good evening']
const TOPICS = [
  'the garden',
  'Saturday',
  'the train tickets',
  'the school play',
  'our invoice',
  'the boat',
  'the recipe',
  'the choir',
  'the new roof',
  'the meeting on Tuesday',
]
const LINES = [
  'Thank you for the photographs, they turned out lovely.',
  'Could you bring the ladder on the weekend? Ours is at my brother’s.',
  'The plumber comes on Thursday between nine and eleven.',
  'I attach nothing this time, the list is the same as last year.',
  'We leave at half past seven and will be back before lunch.',
  'Please tell me by Friday whether you can come.',
  'The children asked about you again.',
  'I have moved the appointment to next week.',
  'The soup needs an hour, not two, and less salt than it says.',
  'Let me know what you think of the second draft.',
  'The meter reading was 48213 on the first of the month.',
  'Grandmother is well and sends her love.',
]

export function letter(random: Random): Text {
  const topic = random.pick(TOPICS)
  const lines = Array.from({ length: 2 + random.below(4) }, () => random.pick(LINES))
  return {
    subject: `${random.chance(0.4) ? 'Re: ' : ''}${topic[0]?.toUpperCase()}${topic.slice(1)}`,
    body: `${random.pick(OPENINGS)},\r\n\r\n${lines.join('\r\n')}\r\n\r\nBest wishes\r\n`,
  }
}

const GOODS = [
  'Viagra',
  'Cialis',
  'cheap meds',
  'replica watches',
  'free spins',
  'online casino',
  'weight loss miracle',
  'bitcoin doubler',
]
const PUSHES = [
  'Act now',
  'Limited time offer',
  'Click here',
  'Order now',
  '100% free',
  'Risk-free',
]
const FILLER = [
  'meadow',
  'copper',
  'harbour',
  'violet',
  'thunder',
  'ledger',
  'sparrow',
  'candle',
  'quartz',
  'willow',
  'orbit',
  'marble',
]

export function spam(random: Random): Text {
  const goods = random.pick(GOODS)
  const filler = () => Array.from({ length: 6 }, () => random.pick(FILLER)).join(' ')
  const host = `${random.pick(FILLER)}-${random.below(9000)}.top`
  return {
    subject: `${random.pick(PUSHES)}: ${goods} ${random.below(99)}% off`,
    body: `Dear friend,\r\n\r\n${random.pick(PUSHES)}! ${goods}, ${goods}!!!\r\nhttp://${host}/${random.below(1e6)}\r\n\r\n${filler()}\r\n${filler()}\r\n`,
  }
}

export type Letter = {
  readonly id: string
  readonly from: string
  readonly to: readonly string[]
  readonly text: Text
  readonly listId?: string
}

/** The message as bytes. Its id is where the outside finds it again; Cordon is told nothing by it. */
export function messageOf(mail: Letter): Buffer {
  const lines = [
    `From: <${mail.from}>`,
    `To: ${mail.to
      .slice(0, 20)
      .map(address => `<${address}>`)
      .join(', ')}`,
    `Subject: ${mail.text.subject}`,
    `Message-ID: <${mail.id}@client.invalid>`,
    ...(mail.listId ? [`List-Id: <${mail.listId}>`] : []),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    mail.text.body,
  ]
  return Buffer.from(lines.join('\r\n'), 'utf8')
}
