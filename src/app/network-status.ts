// What sensors and routers say of the access network, for `cordon network status`, the doctor, the metrics and the alarm `sensor`.

import type { NetworkControl } from '../ports/network-control.ts'
import type { NetworkStatus } from '../ports/reading.ts'
import type { Sensors } from './sensors.ts'

type NetworkTellers = {
  readonly sensors: Pick<Sensors, 'network'>
  readonly network: readonly NetworkControl[]
}

export function networkStatus({ sensors, network }: NetworkTellers): NetworkStatus {
  const { worries, ...seen } = sensors.network()
  return { ...seen, worries: [...worries, ...network.flatMap(one => one.worries?.() ?? [])] }
}
