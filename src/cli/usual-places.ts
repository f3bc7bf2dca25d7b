// Where the Cordon of this machine is, for a command that does not say it: the file that CORDON_CONFIG names, the folder that the command is given
// in, and the places of the package.

import { existsSync, readFileSync } from 'node:fs'
import { UsageError } from './failures.ts'

const IN_THIS_FOLDER = './cordon-data'
/** Where etc/cordon.service has them. */
export const FOLDER_OF_THE_UNIT = '/var/lib/cordon'
export const CONFIG_OF_THE_UNIT = '/etc/cordon/cordon.yaml'

/** How files are looked at. */
export type Disk = {
  readonly config: string | undefined
  isThere(path: string): boolean
  /** Throws where it cannot be read. */
  read(path: string): string
}

const here: Disk = {
  config: process.env['CORDON_CONFIG'],
  isThere: existsSync,
  read: path => readFileSync(path, 'utf8'),
}

export const USUAL_DATA =
  'without it that of the file in CORDON_CONFIG, ./cordon-data, that of /etc/cordon/cordon.yaml, or /var/lib/cordon'

/** Data folder of the Cordon that is meant where none is named. Rejects with UsageError where CORDON_CONFIG names a file that cannot be read. */
export async function usualData(disk: Disk = here): Promise<string> {
  const { config } = disk
  if (config) {
    const named = await folderIn(disk, config)
    if (named === undefined)
      throw new UsageError(`CORDON_CONFIG: ${config} cannot be read, or it is no configuration.`)
    return named
  }
  if (disk.isThere(IN_THIS_FOLDER)) return IN_THIS_FOLDER
  const installed = await folderIn(disk, CONFIG_OF_THE_UNIT)
  if (installed !== undefined && disk.isThere(installed)) return installed
  return disk.isThere(FOLDER_OF_THE_UNIT) ? FOLDER_OF_THE_UNIT : IN_THIS_FOLDER
}

export const USUAL_CONFIG = 'without it the file in CORDON_CONFIG, or /etc/cordon/cordon.yaml'

/** The configuration that is meant where none is named. Throws UsageError where there is none. */
export function usualConfig(disk: Disk = here): string {
  const found = foundConfig(disk)
  if (found !== undefined) return found
  throw new UsageError(
    `there is no ${CONFIG_OF_THE_UNIT}. Say --config FILE; \`cordon config example\` prints one to start from.`,
  )
}

/** For commands that can do without one. */
export function foundConfig(disk: Disk = here): string | undefined {
  return disk.config || (disk.isThere(CONFIG_OF_THE_UNIT) ? CONFIG_OF_THE_UNIT : undefined)
}

/** Only this key is asked of it: mistakes elsewhere are for `config check`. Undefined where it cannot be read. */
async function folderIn(disk: Disk, path: string): Promise<string | undefined> {
  if (!disk.isThere(path)) return undefined
  try {
    // Loaded only where there is a file: most commands need no YAML.
    const { parse } = await import('yaml')
    const { dataFolder } = (parse(disk.read(path)) ?? {}) as { dataFolder?: unknown }
    return typeof dataFolder === 'string' ? dataFolder : IN_THIS_FOLDER
  } catch {
    return undefined
  }
}
