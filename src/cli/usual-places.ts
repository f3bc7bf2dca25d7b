// Where the Cordon of this machine is, for a command that does not say it: the file that CORDON_CONFIG names, the folder that the command is given
// in, and the places of the package.

import { existsSync } from 'node:fs'
import { ConfigError } from '../model/errors.ts'
import { UsageError } from './failures.ts'

/** Those of a trial. */
const DATA_IN_THIS_FOLDER = './cordon-data'
const CONFIG_IN_THIS_FOLDER = './cordon.yaml'
/** Where etc/cordon.service has them. */
export const FOLDER_OF_THE_UNIT = '/var/lib/cordon'
export const CONFIG_OF_THE_UNIT = '/etc/cordon/cordon.yaml'

/** How files are looked at. */
export type Disk = {
  /** CORDON_CONFIG. */
  readonly config: string | undefined
  isThere(path: string): boolean
  /** What stands in a file as YAML. Rejects with ConfigError. */
  read(path: string): Promise<unknown>
}

const here: Disk = {
  config: process.env['CORDON_CONFIG'],
  isThere: existsSync,
  // Loaded only where there is a file: most commands need no YAML.
  read: async path => (await import('../config/read-source.ts')).readSource(path).value,
}

export const USUAL_DATA =
  'without it that of the file in CORDON_CONFIG, ./cordon-data, that of /etc/cordon/cordon.yaml, or /var/lib/cordon'

/** Data folder of the Cordon that is meant where none is named. Rejects with ConfigError where CORDON_CONFIG names no configuration that can be read. */
export async function usualData(disk: Disk = here): Promise<string> {
  if (disk.config) return folderNamed(disk, disk.config)
  if (disk.isThere(DATA_IN_THIS_FOLDER)) return DATA_IN_THIS_FOLDER
  const installed = await folderInstalled(disk)
  if (installed !== undefined && disk.isThere(installed)) return installed
  return disk.isThere(FOLDER_OF_THE_UNIT) ? FOLDER_OF_THE_UNIT : DATA_IN_THIS_FOLDER
}

export const USUAL_CONFIG =
  'without it the file in CORDON_CONFIG, ./cordon.yaml of a trial, or /etc/cordon/cordon.yaml'

/** The configuration that is meant where none is named. Throws UsageError where there is none. */
export function usualConfig(disk: Disk = here): string {
  const found = foundConfig(disk)
  if (found !== undefined) return found
  throw new UsageError(
    `there is no ${CONFIG_OF_THE_UNIT} and no ${CONFIG_IN_THIS_FOLDER}. Say --config FILE; \`cordon setup\` writes one.`,
  )
}

/** For commands that can do without one. A file in this folder is meant where its data is beside it, or where there is no other. */
export function foundConfig(disk: Disk = here): string | undefined {
  if (disk.config) return disk.config
  const isInstalled = disk.isThere(CONFIG_OF_THE_UNIT)
  const isTrial = disk.isThere(DATA_IN_THIS_FOLDER) || !isInstalled
  if (isTrial && disk.isThere(CONFIG_IN_THIS_FOLDER)) return CONFIG_IN_THIS_FOLDER
  return isInstalled ? CONFIG_OF_THE_UNIT : undefined
}

/** An empty file would mean a Cordon in this folder, which its operator did not write. */
async function folderNamed(disk: Disk, path: string): Promise<string> {
  try {
    const value = await disk.read(path)
    if (isFilled(value)) return folderIn(value)
  } catch (error) {
    if (error instanceof ConfigError) error.message = `CORDON_CONFIG: ${error.message}`
    throw error
  }
  throw new ConfigError(
    `CORDON_CONFIG: ${path}`,
    'there is no setting in it',
    'Write the path of a configuration into the variable, or take it out of the environment.',
  )
}

/** Mistakes in it are for `config check`. */
async function folderInstalled(disk: Disk): Promise<string | undefined> {
  if (!disk.isThere(CONFIG_OF_THE_UNIT)) return undefined
  return disk.read(CONFIG_OF_THE_UNIT).then(folderIn, () => undefined)
}

const isFilled = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0

/** Only this key is asked of it. */
function folderIn(value: unknown): string {
  const { dataFolder } = (value ?? {}) as { dataFolder?: unknown }
  return typeof dataFolder === 'string' ? dataFolder : DATA_IN_THIS_FOLDER
}
