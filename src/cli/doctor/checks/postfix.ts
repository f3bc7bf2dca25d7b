// What `cordon doctor postfix` says, where the configuration has a door for a Postfix.

import type { Check } from '../../check.ts'
import { NotSo } from '../../failures.ts'
import type { DoctorCheck } from '../doctor-check.ts'
import { postfixWays } from '../postfix.ts'

export const postfix: DoctorCheck = {
  what: 'Postfix',
  look: async ({ config: { milter, policyService }, file, configDirectory }) => {
    if (milter === undefined && policyService === undefined) return []
    const where = configDirectory === undefined ? {} : { configDirectory }
    try {
      const { ways } = await postfixWays({ config: file, ...where })
      return ways.flatMap(({ service, missing }): Check[] => {
        const what = `Postfix: ${service}`
        if (missing.length === 0) return [{ what, state: 'good', said: 'nothing is missing' }]
        return missing.map(one => ({ what, state: 'missing', said: one.what, write: one.write }))
      })
    } catch (error) {
      if (!(error instanceof NotSo)) throw error
      return [{ what: 'Postfix', state: 'unknown', said: error.message }]
    }
  },
}
