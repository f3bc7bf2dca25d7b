// Whether a Cordon answers on the control socket, what does not work in it, and what its network needs.

import type { ServerStatus } from '../../../ports/operations.ts'
import type { Check } from '../../check.ts'
import { ask } from '../../control-client.ts'
import { NoServer, NotSo } from '../../failures.ts'
import { networkFindings, toDo } from '../../network-doctor.ts'
import type { DoctorCheck } from '../doctor-check.ts'

const what = 'server'

export const server: DoctorCheck = {
  what,
  look: async ({ data }) => {
    try {
      const { version, problems } = await ask<ServerStatus>({ data }, '/status')
      const isWell: Check = { what, state: 'good', said: `Cordon ${version} answers` }
      const faults = problems.map(
        (said): Check => ({ what, state: 'missing', said, write: 'docs/operations.md' }),
      )
      return [...(faults.length === 0 ? [isWell] : faults), ...(await network(data))]
    } catch (error) {
      if (!(error instanceof NoServer || error instanceof NotSo)) throw error
      const write = 'systemctl start cordon; journalctl -u cordon -n 50'
      return [{ what, state: 'missing', said: error.message, write }]
    }
  },
}

const network = async (data: string): Promise<readonly Check[]> =>
  (await networkFindings({ data })).map(one => ({
    what: `network: ${one.what}`,
    state: 'missing',
    said: `${one.about}: ${one.words}`,
    write: toDo(one),
  }))
