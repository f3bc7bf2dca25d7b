import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Disk, usualConfig, usualData } from './usual-places.ts'

const UNIT = '/etc/cordon/cordon.yaml'

function disk(files: Readonly<Record<string, string>>, config?: string): Disk {
  return {
    config,
    isThere: path => path in files,
    read: path => {
      const text = files[path]
      if (text === undefined) throw new Error('ENOENT')
      return text
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

test('a file that CORDON_CONFIG names and that cannot be read is said, and no other Cordon is asked', async () => {
  const other = { './cordon-data': '', '/var/lib/cordon': '' }
  await assert.rejects(usualData(disk(other, '/srv/none.yaml')), /CORDON_CONFIG: \/srv\/none\.yaml/)
})

test('a configuration without the key has its data beside the program', async () => {
  assert.equal(
    await usualData(disk({ '/srv/cordon.yaml': '' }, '/srv/cordon.yaml')),
    './cordon-data',
  )
})

test('the configuration of this machine is found, and where there is none the answer says what to do', () => {
  assert.equal(usualConfig(disk({ [UNIT]: '' })), UNIT)
  assert.equal(usualConfig(disk({ [UNIT]: '' }, '/srv/cordon.yaml')), '/srv/cordon.yaml')
  assert.throws(() => usualConfig(disk({})), /--config FILE/)
})
