// What several checks ask of a port that was seen.

import { type Judged, unknown } from './audit-check.ts'
import type { AuditPort, AuditRecord, OpenPort, AuditAnswer, SeenPort } from './record.ts'

export const openPort = (port: SeenPort): OpenPort | undefined =>
  port.kind === 'open' ? port : undefined

/** What every check of a port says where it gave no answer; undefined where it did, or is closed. */
export function unknownPort(seen: SeenPort, port: AuditPort): Judged | undefined {
  if (seen.kind === 'unknown') return unknown(`${port}: ${seen.words}`)
  return seen.kind === 'refuses' ? unknown(`${port}: it refuses us: ${seen.words}`) : undefined
}

/** The mechanisms after AUTH, also in the way of old servers (`AUTH=`); undefined where it is not offered. */
export function authOffered(lines: AuditAnswer<readonly string[]> | undefined): string | undefined {
  if (!lines || !('value' in lines)) return undefined
  const line = lines.value.find(one => /^AUTH(?:[ =]|$)/.test(one))
  return line?.slice('AUTH='.length).trim()
}

/** Whether others hand over mail for the domain at this host. */
export const isExchanger = ({ exchangers, inbound }: AuditRecord): boolean =>
  'value' in exchangers && exchangers.value.includes(inbound)

/** Whether no customer is meant to hand over mail there: a server that was asked for by its name, and that takes mail for the domain alone. */
export const isInboundOnly = (record: AuditRecord): boolean =>
  !record.isDomain &&
  isExchanger(record) &&
  record.ports[465].kind === 'closed' &&
  record.ports[587].kind === 'closed'
