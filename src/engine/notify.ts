// Writes to the owner of an incident, once, through our own queue, and notes that it was done.

import { minute, type NoticeKind, writeNotice } from '../core/notices/notice.ts'
import { compose } from '../mail/compose.ts'
import { type DkimKey, dkimSign } from '../mail/dkim-sign.ts'
import { isLine, subjectName } from '../model/evidence.ts'
import type { Incident } from '../model/incident.ts'
import type { Engine } from '../ports/engine.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Names } from '../ports/names.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import { post } from './internal-mail.ts'
import type { Reporter } from './report.ts'

export type NotifyParts = {
  readonly engine: Pick<Engine, 'open'>
  readonly ledger: Ledger
  readonly subscribers: Subscribers
  readonly names: Names
  readonly reporter: Pick<Reporter, 'note'>
  readonly provider: string
  readonly portal: string
  readonly ourName: string
  readonly mailDomain: string
  readonly dkim: DkimKey | undefined
}

/** How many of the units of evidence are told to the owner: enough to believe it, few enough to read. */
const SHOWN = 5

export async function notify(
  parts: NotifyParts,
  incident: Incident,
  kind: NoticeKind,
  at: number,
): Promise<void> {
  const owner =
    incident.subscriber === undefined ? undefined : parts.subscribers.get(incident.subscriber)
  const to = owner?.contacts[0]
  if (!owner || to === undefined) return
  const units = await parts.ledger.evidence(incident.subject, SHOWN)
  const { subject, text } = writeNotice(kind, owner.language, {
    caseCode: incident.caseCode,
    provider: parts.provider,
    portal: parts.portal,
    since: minute(incident.openedAt),
    seen: units.map(unit => `${minute(unit.at)}: ${unit.why}`).reverse(),
    ...(isLine(incident.subject) ? {} : { login: subjectName(incident.subject) }),
  })
  const id = parts.names.record()
  const letter = await compose({
    from: { name: parts.provider, address: `abuse-desk@${parts.mailDomain}` },
    to,
    subject,
    text,
    at,
    messageId: `notice-${id}@${parts.mailDomain}`,
  })
  const sender = `abuse-desk@${parts.mailDomain}`
  await post(
    parts.engine,
    { sender, to, at, ourName: parts.ourName },
    await dkimSign(letter, parts.dkim),
  )
  const latest = parts.ledger.open(incident.subject)
  await parts.ledger.save({
    notices: [{ id, incident: incident.id, subscriber: owner.id, at, notice: kind, to }],
    ...(latest?.id === incident.id ? { incidents: [{ ...latest, noticeAt: at }] } : {}),
  })
  parts.reporter.note({
    kind: 'notice-sent',
    at,
    incident: incident.id,
    subscriber: owner.id,
    to,
    notice: kind,
  })
}
