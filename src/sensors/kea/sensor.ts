// Kea's leases, as an entry of the list of sensors.

import type { Sensor } from '../../wire/sensor.ts'
import { type KeaSettings, openKea } from './kea.ts'

type KeaConfig = { readonly kea?: KeaSettings | undefined }

const MISSING =
  'there is no such file of leases; no lease is ended for that. Is Kea running, and is this its lease-database?'

export const kea: Sensor<KeaConfig, KeaSettings> = {
  name: 'kea',
  part: 'Kea leases',
  reads: { kea: 'restart' },
  settings: config => config.kea,
  open: (settings, { moveLeases, leases, subscribers, report, now, trouble }) => {
    const followed = openKea(settings, {
      moveLeases,
      leases: leases.all(),
      standing: (realm, prefix) => leases.standing(realm, prefix),
      isSubscriber: id => subscribers.get(id) !== undefined,
      missing: path =>
        report({
          kind: 'alarm-raised',
          alarm: 'leases-missing',
          at: now(),
          about: path,
          words: MISSING,
        }),
      now,
      trouble,
    })
    return {
      places: settings.files.map(file => ({ status: `Kea leases of ${file}` })),
      worries: () => [
        ...followed.missing().map(path => ({ what: 'missing file', about: path, words: MISSING })),
        ...followed.worries(),
      ],
      close: () => followed.close(),
    }
  },
}
