// RADIUS accounting, as an entry of the list of sensors.

import { foldAddress } from '../../model/mail-address.ts'
import type { Sensor } from '../../wire/sensor.ts'
import { openRadius, type RadiusSettings } from './server.ts'

type Configured = { readonly radius?: RadiusSettings | undefined }

export const radius: Sensor<Configured, RadiusSettings> = {
  name: 'radius',
  part: 'RADIUS accounting',
  reads: { radius: 'restart' },
  settings: config => config.radius,
  open: async (settings, { moveLeases, leases, subscribers, now, trouble }) => {
    const accounting = await openRadius(settings, {
      moveLeases,
      leases: leases.all(),
      subscriberOf: name => (subscribers.get(name) ?? subscribers.byLogin(foldAddress(name)))?.id,
      now,
      trouble,
    })
    leases.doubt(({ session }) => session !== undefined && accounting.isSilent(session.nas))
    return {
      places: [{ port: accounting.port, status: `RADIUS accounting on port ${accounting.port}` }],
      counted: {
        metric: 'radius_packets',
        help: 'Packets of RADIUS accounting: heard, or dropped and why',
        by: 'result',
        counts: accounting.counts,
      },
      close: () => accounting.close(),
    }
  },
}
