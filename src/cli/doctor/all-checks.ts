// The checks of `cordon doctor`, in the order in which one needs the other: without a configuration there is nothing else to look at.

import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readConfiguration } from '../../app/configured-files.ts'
import { certificateWarnings } from '../../app/certificate-warnings.ts'
import { anyPort } from '../../config/any-port.ts'
import type { Config } from '../../config/schema.ts'
import { warnings } from '../../config/warnings.ts'
import { ConfigError } from '../../model/errors.ts'
import { isNearlyFull } from '../../model/disk-room.ts'
import type { ServerStatus } from '../../ports/operations.ts'
import type { Check } from '../check.ts'
import { ask } from '../control-client.ts'
import { NoServer, NotSo } from '../failures.ts'
import { networkFindings, toDo } from '../network-doctor.ts'
import { unreadable } from '../setup/checks/key.ts'
import { thisMachine, tryRead } from '../setup/machine.ts'
import { namesChecked } from '../setup/checks/names.ts'
import { namesOptions } from '../setup/names-options.ts'
import { usualConfig } from '../usual-places.ts'
import { doorsChecked } from './doors.ts'
import { postfixWays } from './postfix.ts'

export type DoctorOptions = {
  readonly config?: string
  readonly data?: string
  readonly configDirectory?: string
}

export async function allChecks(options: DoctorOptions): Promise<readonly Check[]> {
  const file = options.config ?? usualConfig()
  const config = configIn(file)
  if ('wrong' in config) return [config.wrong]
  const data = options.data ?? config.is.dataFolder
  const [unread, server, doors, names, postfix, disk] = await Promise.all([
    unreadByUser(file),
    serverChecked(data),
    doorsChecked(config.is),
    namesOf(config.is),
    postfixChecked(config.is, { ...options, config: file }),
    diskChecked(data),
  ])
  return [
    ...configChecked(file, config.is),
    ...unread,
    ...server,
    ...doors,
    ...certificateChecked(config.is),
    disk,
    scannerChecked(config.is),
    evidenceChecked(config.is),
    ...names,
    ...postfix,
  ]
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

function configChecked(file: string, config: Config): readonly Check[] {
  const all = [...warnings(config), ...anyPort(config)]
  if (all.length === 0) return [{ what: file, state: 'good', said: 'can be used' }]
  return all.map(one => ({ what: file, state: 'note', said: one.replace(/^warning: /, '') }))
}

/** Asked by root, of a machine with the user of the unit. */
async function unreadByUser(file: string): Promise<readonly Check[]> {
  const machine = thisMachine()
  const users = tryRead(() => machine.read('/etc/passwd'))
  if (!users || !('is' in users) || !/^cordon:/m.test(users.is)) return []
  return unreadable([file], machine, path => `chgrp cordon ${dirname(path)} ${path}`)
}

async function serverChecked(data: string): Promise<readonly Check[]> {
  const what = 'server'
  try {
    const status = await ask<ServerStatus>({ data }, '/status')
    const problems = status.problems.map(
      (said): Check => ({ what, state: 'missing', said, write: 'docs/operations.md' }),
    )
    const network = (await networkFindings({ data })).map(
      (one): Check => ({
        what: `network: ${one.what}`,
        state: 'missing',
        said: `${one.about}: ${one.words}`,
        write: toDo(one),
      }),
    )
    const isWell: Check = { what, state: 'good', said: `Cordon ${status.version} answers` }
    return [...(problems.length === 0 ? [isWell] : problems), ...network]
  } catch (error) {
    if (!(error instanceof NoServer || error instanceof NotSo)) throw error
    const write = 'systemctl start cordon; journalctl -u cordon -n 50'
    return [{ what, state: 'missing', said: error.message, write }]
  }
}

function certificateChecked(config: Config): readonly Check[] {
  const what = `certificate of ${config.hostname}`
  if (config.listeners.length === 0) return []
  if (config.certificate === undefined)
    return [
      {
        what,
        state: 'missing',
        said: 'none is named: Cordon has made one of its own, which clients do not trust',
        write: `certbot certonly --standalone -d ${config.hostname}, then certificate: { key: …, chain: … }`,
      },
    ]
  const all = certificateWarnings(config, Date.now())
  if (all.length === 0) return [{ what, state: 'good', said: config.certificate.chain }]
  return all.map(one => ({ what, state: 'missing', said: one.replace(/^warning: /, '') }))
}

const MEBIBYTE = 1024 ** 2

async function diskChecked(data: string): Promise<Check> {
  const what = `disk of ${data}`
  try {
    const { bavail, blocks, bsize } = await statfs(data)
    const [free, all] = [bavail * bsize, blocks * bsize]
    const said = `${Math.floor(free / MEBIBYTE)} of ${Math.floor(all / MEBIBYTE)} MiB are free`
    return isNearlyFull(free, all)
      ? { what, state: 'missing', said, write: 'df -h; cordon queue: docs/operations.md' }
      : { what, state: 'good', said }
  } catch (error) {
    return { what, state: 'unknown', said: (error as Error).message }
  }
}

/** What its absence means is in docs/evidence.md: mail is paced, and not judged. */
function scannerChecked({ scanner, scanners }: Config): Check {
  const what = 'content scanner'
  const all = [
    ...(scanner === 'none' ? [] : [scanner]),
    ...(scanners.rspamd ? ['rspamd'] : []),
    ...(scanners.clamav ? ['clamav'] : []),
  ]
  if (all.includes('rspamd')) return { what, state: 'good', said: all.join(', ') }
  return {
    what,
    state: 'missing',
    said:
      all.length === 0
        ? 'there is none: no mail is judged, a bot is only slowed down by the window of its sender'
        : `only ${all.join(' and ')}: most spam is not seen, a bot that sends it is only slowed down by the window of its sender`,
    write: 'scanners: { rspamd: { url: http://127.0.0.1:11333 } }',
  }
}

function evidenceChecked({ evidence }: Config): Check {
  const what = 'evidence'
  if (evidence.mode === 'enforce') return { what, state: 'good', said: 'what it decides is done' }
  const said =
    'it only observes: nothing is held, stopped or isolated. After a week of it: "To act" in the configuration'
  return { what, state: 'note', said }
}

function namesOf(config: Config): Promise<readonly Check[]> {
  const { hostname, domains, alarms, listeners } = config
  if (domains.length === 0) return Promise.resolve([])
  const [operator = `postmaster@${domains[0]}`] = alarms.mail ?? []
  const stands = listeners.length > 0 ? 'server' : 'beside'
  return namesChecked({ hostname, domains, operator, stands, consumers: [] }, namesOptions(config))
}

async function postfixChecked(
  { milter, policyService }: Config,
  options: DoctorOptions,
): Promise<readonly Check[]> {
  if (milter === undefined && policyService === undefined) return []
  try {
    const { ways } = await postfixWays(options)
    return ways.flatMap(({ service, missing }): Check[] =>
      missing.length === 0
        ? [{ what: `Postfix: ${service}`, state: 'good', said: 'nothing is missing' }]
        : missing.map(({ what, write }) => ({
            what: `Postfix: ${service}`,
            state: 'missing',
            said: what,
            write,
          })),
    )
  } catch (error) {
    if (!(error instanceof NotSo)) throw error
    return [{ what: 'Postfix', state: 'unknown', said: error.message }]
  }
}
