// RADIUS accounting, as an entry of the list of sensors.

import { KEA } from '../../model/lease.ts'
import type { Sensor } from '../../wire/sensor.ts'
import { openRadius, type RadiusSensor, type RadiusSettings } from './server.ts'
import { unknownUsers } from './unknown-users.ts'
import { namesOf } from './names-of.ts'

type RadiusSection = RadiusSettings & {
  readonly customers?: string | undefined
  readonly stripRealms: readonly string[]
}
type RadiusConfig = { readonly radius?: RadiusSection | undefined }

export const radius: Sensor<RadiusConfig, RadiusSection> = {
  name: 'radius',
  part: 'RADIUS accounting',
  reads: { radius: 'restart' },
  settings: config => config.radius,
  open: async (settings, parts) => {
    const { moveLeases, leases, now, trouble, clocks, heard } = parts
    let accounting: RadiusSensor | undefined = undefined
    const users = unknownUsers(parts.report, now)
    const names = namesOf(settings, parts, () => accounting?.customersChanged())
    accounting = await openRadius(settings, {
      moveLeases,
      leases: [...leases.all()].filter(({ session }) => session?.nas !== KEA),
      standing: (realm, prefix) => leases.standing(realm, prefix),
      begunSince: (realm, prefix, at) => leases.begunSince(realm, prefix, at),
      within: (realm, prefix) => leases.within(realm, prefix),
      around: (realm, prefix) => leases.around(realm, prefix),
      subscriberOf: name => names.subscriberOf(name),
      unknown: ({ subscriber, user, nas }) => users.hear(subscriber || user || '(no name)', nas),
      clocks,
      heardOf: nas => heard.last('radius', nas),
      noteHeard: (nas, at) => heard.note('radius', nas, at),
      anewOf: nas => heard.anew('radius', nas),
      noteAnew: (nas, at) => heard.noteAnew('radius', nas, at),
      firstOf: nas => heard.first('radius', nas),
      noteFirst: (nas, teller) => heard.noteFirst('radius', nas, teller),
      now,
      trouble,
    })
    // It may have changed while Cordon did not run.
    if (names.isByTable) accounting.customersChanged()
    leases.doubt(
      lease =>
        lease.to === undefined &&
        lease.session !== undefined &&
        (accounting.isSilent(lease) || accounting.hasOtherClock(lease)),
    )
    return {
      places: [{ port: accounting.port, status: `RADIUS accounting on port ${accounting.port}` }],
      counted: {
        metric: 'radius_packets',
        help: 'Packets of RADIUS accounting: heard, or dropped and why',
        by: 'result',
        counts: accounting.counts,
      },
      worries: () => [...users.worries(), ...names.worries(), ...accounting.worries()],
      close: () => {
        names.close()
        return accounting.close()
      },
    }
  },
}
