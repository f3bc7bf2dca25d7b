// Kea's leases, as an entry of the list of sensors.

import type { Sensor } from '../../wire/sensor.ts'
import { type KeaSettings, openKea } from './kea.ts'

type Configured = { readonly kea?: KeaSettings | undefined }

export const kea: Sensor<Configured, KeaSettings> = {
  name: 'kea',
  part: 'Kea leases',
  reads: { kea: 'restart' },
  settings: config => config.kea,
  open: (settings, { moveLeases, leases, subscribers, now, trouble }) => {
    const followed = openKea(settings, {
      moveLeases,
      leases: leases.all(),
      isSubscriber: id => subscribers.get(id) !== undefined,
      now,
      trouble,
    })
    return {
      places: settings.files.map(file => ({ status: `Kea leases of ${file}` })),
      close: () => followed.close(),
    }
  },
}
