// The checks of `cordon doctor`: one file each in checks/, and one line here, in the order in which they are said. Without a configuration there is
// nothing else to look at.

import { readConfiguration } from '../../app/configured-files.ts'
import type { Config } from '../../config/schema.ts'
import { ConfigError, wordsOf } from '../../model/errors.ts'
import type { Check } from '../check.ts'
import { thisMachine } from '../setup/machine.ts'
import { usualConfig } from '../usual-places.ts'
import { certificate } from './checks/certificate.ts'
import { configuration } from './checks/configuration.ts'
import { dane } from './checks/dane.ts'
import { disk } from './checks/disk.ts'
import { doors } from './checks/doors.ts'
import { evidence } from './checks/evidence.ts'
import { names } from './checks/names.ts'
import { operator } from './checks/operator.ts'
import { postfix } from './checks/postfix.ts'
import { readable } from './checks/readable.ts'
import { resolver } from './checks/resolver.ts'
import { scanner } from './checks/scanner.ts'
import { server } from './checks/server.ts'
import type { DoctorCheck, DoctorTarget } from './doctor-check.ts'

export type DoctorOptions = {
  readonly config?: string
  readonly data?: string
  readonly configDirectory?: string
}

const CHECKS: readonly DoctorCheck[] = [
  configuration,
  readable,
  server,
  doors,
  certificate,
  disk,
  scanner,
  evidence,
  operator,
  resolver,
  dane,
  names,
  postfix,
]

/** All of them look side by side. */
export async function allChecks(options: DoctorOptions): Promise<readonly Check[]> {
  const file = options.config ?? usualConfig()
  const config = configIn(file)
  if ('wrong' in config) return [config.wrong]
  const found = await Promise.all(
    CHECKS.map(one =>
      lookedAt(one, {
        config: config.is,
        file,
        data: options.data ?? config.is.dataFolder,
        machine: thisMachine(),
        configDirectory: options.configDirectory,
      }),
    ),
  )
  return found.flat()
}

/** A check that fails takes no other with it. */
async function lookedAt(
  { what, look }: DoctorCheck,
  target: DoctorTarget,
): Promise<readonly Check[]> {
  try {
    return await look(target)
  } catch (error) {
    return [{ what, state: 'unknown', said: wordsOf(error) }]
  }
}

function configIn(file: string): { readonly is: Config } | { readonly wrong: Check } {
  try {
    return { is: readConfiguration(file) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const said = error.message.split('\n').join('; ')
    return { wrong: { what: file, state: 'missing', said, write: `cordon config check ${file}` } }
  }
}
