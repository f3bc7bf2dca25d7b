// The numbers of the evidence that are not in a cell: windows, floors, and from where on there is no reasonable doubt. docs/evidence.md
// prints all of them. [est] is our estimate.

import { DAY, MINUTE } from '../../model/duration.ts'
import { MAX_NATS } from './nats.ts'

type Stated = {
  /** Times in ms. */
  readonly value: number
  readonly unit:
    | 'ms'
    | 'servers'
    | 'organisations'
    | 'messages'
    | 'people'
    | 'texts'
    | 'nats'
    | 'of a usual day'
    | 'of the recipients'
  readonly why: string
}

export const NUMBERS = {
  window: {
    value: 10 * MINUTE,
    unit: 'ms',
    why: 'what a line does on the network within it is one unit of evidence that grows [est]',
  },
  certainFanOut: {
    value: 10,
    unit: 'organisations',
    why: 'port 25 of servers of so many different ones within the window leaves no reasonable doubt [est]',
  },
  certainInProbation: {
    value: 5,
    unit: 'organisations',
    why: 'the same of a line in probation [est]',
  },
  serversForOne: {
    value: 3,
    unit: 'servers',
    why: 'so many without a name count as one organisation: a mail program tries every exchanger of a domain [est]',
  },
  decoy: {
    value: MAX_NATS,
    unit: 'nats',
    why: 'a session with a decoy: near-certain of consumers; the sum is raised so that the case file shows it',
  },
  burstFloor: {
    value: 8,
    unit: 'messages',
    why: 'an hour with fewer is no burst [est]',
  },
  burstShare: {
    value: 0.5,
    unit: 'of a usual day',
    why: 'an hour with more than this is a burst [est]',
  },
  mostlyNew: {
    value: 0.5,
    unit: 'of the recipients',
    why: 'from this share on that is new to its sender a message is to new people (mostly-new) [est]',
  },
  manyPeople: {
    value: 100,
    unit: 'people',
    why: 'one message to so many of whom none was written to before, or none is named to us [est]',
  },
  certainTraps: {
    value: 2,
    unit: 'texts',
    why: "different ones to different traps, each sent as to a list: then it was no outsider's doing [est]",
  },
  trapsWithin: { value: 7 * DAY, unit: 'ms', why: 'in which texts to traps are counted [est]' },
  networksKept: {
    value: 90 * DAY,
    unit: 'ms',
    why: 'a network in which a login was seen is known for so long [est]',
  },
  passwordSeen: {
    value: 30 * DAY,
    unit: 'ms',
    why: 'a password in circulation, at a decoy or on a list, counts once in it [est]',
  },
  violationHabit: {
    value: 28 * DAY,
    unit: 'ms',
    why: 'protocol violations that were not seen for so long are new [est]',
  },
} as const satisfies Readonly<Record<string, Stated>>
