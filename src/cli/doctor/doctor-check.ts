// What a check of `cordon doctor` is handed, and what it is.

import type { Config } from '../../config/schema.ts'
import type { Check } from '../check.ts'
import type { Machine } from '../setup/machine.ts'

/** What is looked at. */
export type DoctorTarget = {
  /** The configuration and its file. */
  readonly config: Config
  readonly file: string
  /** The data folder. */
  readonly data: string
  readonly machine: Machine
  /** Where Postfix's main.cf is, if not where it always is. */
  readonly configDirectory: string | undefined
}

export type DoctorCheck = {
  /** Said where the check itself fails. */
  readonly what: string
  /** Changes nothing; ends by itself in less than half a minute. */
  readonly look: (target: DoctorTarget) => Promise<readonly Check[]>
}
