import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { readYaml } from '../config/source.ts'
import { ConfigError } from '../model/errors.ts'
import { type Disk, usualConfig, usualData } from './usual-places.ts'

const CLI = join(import.meta.dirname, 'cordon.ts')
const UNIT = '/etc/cordon/cordon.yaml'

function disk(files: Readonly<Record<string, string>>, config?: string): Disk {
  return {
    config,
    isThere: path => path in files,
    read: async path => {
      const text = files[path]
      if (text === undefined) throw new ConfigError(path, 'does not exist', 'Check the path.')
      return readYaml(text, line => `${path}:${line}`).value
    },
  }
}

test('without --data it is the Cordon of CORDON_CONFIG, of this folder, and else that of this machine', async () => {
  const all = {
    '/srv/cordon.yaml': 'dataFolder: /srv/data',
    [UNIT]: 'dataFolder: /big/cordon # moved',
    './cordon-data': '',
    '/big/cordon': '',
    '/var/lib/cordon': '',
  }
  assert.equal(await usualData(disk(all, '/srv/cordon.yaml')), '/srv/data')
  assert.equal(await usualData(disk(all)), './cordon-data')
  const { './cordon-data': _, ...elsewhere } = all
  assert.equal(await usualData(disk(elsewhere)), '/big/cordon')
  const { '/big/cordon': __, ...notThere } = elsewhere
  assert.equal(await usualData(disk(notThere)), '/var/lib/cordon')
  assert.equal(await usualData(disk({})), './cordon-data')
})

test('a file of the package that may not be read, or is broken, leads to the folder of the package', async () => {
  const broken = { [UNIT]: '{ [', '/var/lib/cordon': '' }
  assert.equal(await usualData(disk(broken)), '/var/lib/cordon')
})

test('a file that CORDON_CONFIG names and that is no configuration is said, and no other Cordon is asked', async () => {
  const files = {
    './cordon-data': '',
    '/var/lib/cordon': '',
    '/broken': 'a: 1\nb: [',
    '/empty': '',
  }
  const said = (path: string) =>
    usualData(disk(files, path)).then(
      () => '',
      (error: Error) => `${error.name}: ${error.message}`,
    )
  assert.match(await said('/none'), /^ConfigError: CORDON_CONFIG: \/none: does not exist/)
  assert.match(await said('/broken'), /^ConfigError: CORDON_CONFIG: \/broken:2:5: /)
  assert.match(
    await said('/empty'),
    /^ConfigError: CORDON_CONFIG: \/empty: there is no setting in it/,
  )
})

test('of a real disk: a folder, and what has no end', async () => {
  const { CORDON_CONFIG: _, ...env } = process.env
  const status = (path: string) =>
    spawnSync(process.execPath, [CLI, 'status'], {
      env: { ...env, CORDON_CONFIG: path },
      encoding: 'utf8',
    })
  const folder = status(import.meta.dirname)
  assert.deepEqual(
    [folder.status, /CORDON_CONFIG: .*: is a folder/.test(folder.stderr)],
    [78, true],
  )
  assert.equal(status('/dev/null').status, 78)
})

test('a configuration without the key has its data beside the program', async () => {
  assert.equal(
    await usualData(disk({ '/srv/cordon.yaml': 'hostname: x' }, '/srv/cordon.yaml')),
    './cordon-data',
  )
})

test('the configuration of this machine is found, and where there is none the answer says what to do', () => {
  assert.equal(usualConfig(disk({ [UNIT]: '' })), UNIT)
  assert.equal(usualConfig(disk({ [UNIT]: '' }, '/srv/cordon.yaml')), '/srv/cordon.yaml')
  assert.throws(() => usualConfig(disk({})), /--config FILE/)
})

test('the file of a trial is found in its folder, before and after its first start, and a draft beside an installed Cordon is not', () => {
  const trial = { './cordon.yaml': '' }
  assert.equal(usualConfig(disk(trial)), './cordon.yaml')
  assert.equal(usualConfig(disk({ ...trial, [UNIT]: '' })), UNIT)
  assert.equal(usualConfig(disk({ ...trial, './cordon-data': '', [UNIT]: '' })), './cordon.yaml')
})
