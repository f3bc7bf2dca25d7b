// What every directory of customers must do.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'

const plain: Subscriber = {
  id: 'anna',
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: ['anna@isp.example'],
  logins: [{ name: 'anna@isp.example', addresses: ['anna@isp.example'] }],
}
const [bert1, bert2] = [
  { name: 'bert@isp.example', addresses: ['bert@isp.example', 'b@isp.example'] },
  { name: 'shop@isp.example', addresses: ['shop@isp.example'] },
]
const unusual: Subscriber = {
  ...plain,
  id: 'bert',
  plan: 'site',
  contacts: [],
  logins: [bert1, bert2],
}
const silent: Subscriber = { ...plain, id: 'cora', contacts: [], logins: [] }

test('customers are found by id, login and address, as they were given', () => {
  const all = [plain, unusual, silent]
  const directory = memorySubscribers(all)
  for (const one of all) assert.deepEqual(directory.get(one.id), one)
  assert.deepEqual([...directory.all()], all)
  assert.equal(directory.count(), 3)
  assert.deepEqual(directory.byLogin('shop@isp.example'), unusual)
  assert.deepEqual(directory.loginOf('b@isp.example'), bert1)
  assert.deepEqual(directory.loginOf('anna@isp.example'), plain.logins[0])
})

test('nobody is found by what is not theirs, or not any more', () => {
  const directory = memorySubscribers([plain, unusual])
  assert.equal(directory.byLogin('b@isp.example'), undefined, 'an alias is no login')
  for (const name of ['', 'nobody', '__proto__']) {
    assert.equal(directory.get(name), undefined)
    assert.equal(directory.byLogin(name), undefined)
    assert.equal(directory.loginOf(name), undefined)
  }
  directory.replace([plain])
  assert.equal(directory.get('bert'), undefined)
  assert.equal(directory.loginOf('b@isp.example'), undefined)
  assert.equal(directory.count(), 1)
})
