import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, MINUTE } from '../model/duration.ts'
import { ownPasswords } from './own-passwords.ts'

function world() {
  const asked: string[] = []
  const time = { now: 0 }
  const own = ownPasswords({
    credentials: {
      verify: async (name, password) => {
        asked.push(name)
        return password === 'right'
          ? { ok: true, login: { name, addresses: [name] }, subscriber: '1' }
          : { ok: false, why: 'wrong' }
      },
    },
    subscribers: {
      byLogin: login => (login.endsWith('@isp.example') ? ({ id: '1' } as never) : undefined),
    },
    now: () => time.now,
  })
  return { own, asked, time }
}

test('only names of ours are looked at, whatever their case', async () => {
  const { own, asked } = world()
  assert.equal(await own('ann@far.example', 'right'), false)
  assert.deepEqual(asked, [])
  assert.equal(await own('Anna@ISP.example', 'right'), true)
  assert.equal(await own('anna@isp.example', 'wrong'), false)
})

test('a guesser is looked at three times a day for one login, twenty times a minute for all', async () => {
  const { own, asked, time } = world()
  for (let i = 0; i < 9; i++) await own('anna@isp.example', 'wrong')
  assert.equal(asked.length, 3)
  for (let i = 0; i < 99; i++) await own(`a${i}@isp.example`, 'wrong')
  assert.equal(asked.length, 20)
  time.now = MINUTE
  assert.equal(await own('bert@isp.example', 'right'), true)
  assert.equal(await own('anna@isp.example', 'right'), false)
  time.now = DAY
  assert.equal(await own('anna@isp.example', 'right'), true)
})
