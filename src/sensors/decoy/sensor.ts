// Decoys, as an entry of the list of sensors.

import type { Sensor } from '../../wire/sensor.ts'
import { type DecoySettings, openDecoys } from './server.ts'

type DecoyConfig = { readonly decoys?: DecoySettings | undefined }

export const decoy: Sensor<DecoyConfig, DecoySettings> = {
  name: 'decoy',
  part: 'decoys',
  reads: { decoys: 'restart' },
  settings: config => config.decoys,
  open: async (settings, parts) => {
    const { ports, close } = await openDecoys(settings, parts)
    return { places: ports.map(port => ({ port, status: `decoy on port ${port}` })), close }
  },
}
