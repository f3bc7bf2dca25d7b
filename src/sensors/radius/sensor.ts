// RADIUS accounting, as an entry of the list of sensors.

import { KEA } from '../../model/lease.ts'
import { CustomerTable } from '../../wire/customer-table.ts'
import type { Sensor, SensorParts } from '../../wire/sensor.ts'
import { openRadius, type RadiusSettings } from './server.ts'
import { unknownUsers } from './unknown-users.ts'
import { subscriberOf } from './user-names.ts'

type RadiusSection = RadiusSettings & {
  readonly customers?: string | undefined
  readonly stripRealms: readonly string[]
}
type RadiusConfig = { readonly radius?: RadiusSection | undefined }

/** ms between two checks whether the operator's table has changed. */
const REFRESH = 1000

export const radius: Sensor<RadiusConfig, RadiusSection> = {
  name: 'radius',
  part: 'RADIUS accounting',
  reads: { radius: 'restart' },
  settings: config => config.radius,
  open: async (settings, parts) => {
    const { moveLeases, leases, now, trouble, clocks, heard } = parts
    const users = unknownUsers(parts.report, now)
    const names = namesOf(settings, parts)
    const accounting = await openRadius(settings, {
      moveLeases,
      leases: [...leases.all()].filter(({ session }) => session?.nas !== KEA),
      standing: (realm, prefix) => leases.standing(realm, prefix),
      begunSince: (realm, prefix, at) => leases.begunSince(realm, prefix, at),
      subscriberOf: name => names.subscriberOf(name),
      unknown: ({ subscriber, user, nas }) => users.hear(subscriber || user || '(no name)', nas),
      clocks,
      heardOf: nas => heard.last('radius', nas),
      noteHeard: (nas, at) => heard.note('radius', nas, at),
      now,
      trouble,
    })
    leases.doubt(
      ({ session, to }) =>
        to === undefined && session !== undefined && accounting.isSilent(session.nas),
    )
    return {
      places: [{ port: accounting.port, status: `RADIUS accounting on port ${accounting.port}` }],
      counted: {
        metric: 'radius_packets',
        help: 'Packets of RADIUS accounting: heard, or dropped and why',
        by: 'result',
        counts: accounting.counts,
      },
      worries: users.worries,
      close: () => {
        names.close()
        return accounting.close()
      },
    }
  },
}

/** Finds the subscriber of a user name, by the operator's table where there is one. */
function namesOf(
  { customers, stripRealms }: RadiusSection,
  { subscribers, trouble }: Pick<SensorParts, 'subscribers' | 'trouble'>,
) {
  const table = customers === undefined ? undefined : new CustomerTable(customers)
  const refresh = () => {
    try {
      table?.refresh()
    } catch (error) {
      trouble(error, 'the table of customers of RADIUS accounting')
    }
  }
  refresh()
  const timer = table && setInterval(refresh, REFRESH)
  timer?.unref()
  const realms = stripRealms.map(realm => realm.toLowerCase())
  const parts = { subscribers, mapped: (name: string) => table?.get(name), stripRealms: realms }
  return {
    subscriberOf: (name: string) => subscriberOf(name, parts),
    close: () => clearInterval(timer),
  }
}
