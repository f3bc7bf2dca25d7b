// Alarms by mail, through our own queue: the mail of one batch is taken once, however often it is told.

import { operatorMail } from '../../../core/notices/operator-mail.ts'
import { compose } from '../../../mail/compose.ts'
import { type SigningKeys, dkimSign } from '../../../mail/dkim-sign.ts'
import { minuteIn } from '../../../model/local-time.ts'
import type { AlarmChannel } from '../../../ports/alarm-channel.ts'
import type { Engine } from '../../../ports/engine.ts'
import { post } from '../../intake/internal-mail.ts'

export type AlarmMailParts = {
  readonly engine: Pick<Engine, 'open'>
  readonly ourName: string
  readonly mailDomain: string
  readonly timeZone: () => string
  readonly dkim: SigningKeys | undefined
}

export const mailName = (to: string): string => `mail ${to}`

export function mailChannel(to: string, parts: AlarmMailParts): AlarmChannel {
  const { engine, ourName, mailDomain, timeZone, dkim } = parts
  return {
    name: mailName(to),
    withoutStores: false,
    tell: async batch => {
      const minute = (at: number) => minuteIn(timeZone(), at)
      const { subject, text } = operatorMail(batch, { host: ourName, minute })
      const sender = `abuse-desk@${mailDomain}`
      const once = `alarm.${batch.id}`
      const mail = await compose({
        from: { name: `Cordon on ${ourName}`, address: sender },
        to,
        subject,
        text,
        at: batch.at,
        messageId: `alarm-${batch.id.replaceAll(/[^\w.-]/g, '-')}@${ourName}`,
      })
      const signed = await dkimSign(mail, dkim)
      await post(engine, { sender, to, at: batch.at, ourName, once }, signed)
    },
  }
}
