// Anna's line in trouble: events that contain it, at once or little by little.

import type { NewEvent } from '../../src/model/event.ts'
import { lineOf } from '../../src/model/evidence.ts'

export const START = Date.UTC(2026, 0, 5)
export const ANNA = lineOf('anna')

type New<K extends NewEvent['kind']> = Extract<NewEvent, { kind: K }>

/** Nobody touches a decoy by accident: it contains at once. */
export const decoy = (id: string, at: number): New<'egress-attempt'> => ({
  kind: 'egress-attempt',
  id,
  at,
  who: { realm: 'main', address: '203.0.113.7', sure: 'certain', subscriber: 'anna' },
  destination: '198.51.100.1',
  port: 25,
  completed: true,
  antiSpoofed: true,
  outcome: 'decoy',
})

/** One message of spam to a stranger: the fourth contains. */
export const spam = (id: string, at: number): New<'tx-commit'> => ({
  kind: 'tx-commit',
  id,
  at,
  who: { realm: 'main', address: '203.0.113.7', sure: 'certain', subscriber: 'anna' },
  session: id,
  message: id,
  listener: 'submission',
  sender: 'anna@isp.example',
  correspondents: [],
  size: 1000,
  fingerprint: id,
  facts: {
    content: 'spam',
    repeated: false,
    recipients: 1,
    firstTime: 1,
    exempt: false,
    subjects: [ANNA],
  },
  lastHour: {},
  usual: { [ANNA]: 5 },
})
