// The log of a carrier-grade NAT, as an entry of the list of sensors.

import { LOG_LINES, type Sensor } from '../../wire/sensor.ts'
import { type NatLogSettings, openNatLog } from './nat-log.ts'

type NatLogConfig = { readonly natLog?: NatLogSettings | undefined }

export const natLog: Sensor<NatLogConfig, NatLogSettings> = {
  name: 'nat-log',
  part: 'NAT log',
  reads: { natLog: 'restart' },
  settings: config => config.natLog,
  open: async (settings, parts) => {
    const { moveLeases, leases, clocks, heard, now, trouble } = parts
    const log = await openNatLog(settings, {
      moveLeases,
      leases,
      clocks,
      heardOf: source => heard.last('nat-log', source),
      noteHeard: (source, at) => heard.note('nat-log', source, at),
      now,
      trouble,
    })
    return {
      places: [{ port: log.port, status: `NAT log on port ${log.port}` }],
      counted: {
        ...LOG_LINES,
        labels: { log: 'nat' },
        counts: log.counts,
      },
      worries: () => log.worries(),
      close: () => log.close(),
    }
  },
}
