// The firewall log, as an entry of the list of sensors.

import { LOG_LINES, type Sensor } from '../../wire/sensor.ts'
import { type FirewallLogSettings, openFirewallLog } from './firewall-log.ts'

type FirewallLogConfig = { readonly firewallLog?: FirewallLogSettings | undefined }

export const firewallLog: Sensor<FirewallLogConfig, FirewallLogSettings> = {
  name: 'firewall-log',
  part: 'firewall log',
  reads: { firewallLog: 'restart' },
  settings: config => config.firewallLog,
  open: async (settings, parts) => {
    const log = await openFirewallLog(settings, parts)
    return {
      places: [{ port: log.port, status: `firewall log on port ${log.port}` }],
      counted: {
        ...LOG_LINES,
        labels: { log: 'firewall' },
        counts: log.counts,
      },
      isWatching: () => log.connected,
      close: () => log.close(),
    }
  },
}
