// Whether systemd knows the unit that the next command starts.

import type { Check } from '../../check.ts'
import { CONFIG_OF_THE_UNIT } from '../../usual-places.ts'
import { type Machine, tryRead } from '../machine.ts'

const FOLDERS = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system']

/** Only where the configuration is the one that it reads. */
export function unitChecked(file: string, machine: Machine): readonly Check[] {
  if (file !== CONFIG_OF_THE_UNIT) return []
  const what = 'unit cordon.service'
  const found = FOLDERS.find(folder => tryRead(() => machine.read(`${folder}/cordon.service`)))
  if (found !== undefined) return [{ what, state: 'good', said: found }]
  const write = 'cp /opt/cordon/etc/cordon.service /etc/systemd/system/; systemctl daemon-reload'
  return [{ what, state: 'missing', said: 'is not there', write, must: true }]
}
