import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../config/load.ts'
import { type Machine, thisMachine } from '../machine.ts'
import { portsChecked } from './ports.ts'

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2730 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7001 1
   1: 0100007F:1F90 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 7002 1
   2: 00000000:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7003 1
`
/** Processes, and the sockets that they have. */
const machine = (sockets: Readonly<Record<string, string>>, comm = 'java'): Machine => ({
  ...thisMachine('/nowhere'),
  read: path => (path.endsWith('/comm') ? `${comm}\n` : path === '/proc/net/tcp' ? TCP : ''),
  list: path => (path === '/proc' ? ['self', ...Object.keys(sockets)] : ['0', '4']),
  link: path => sockets[path.split('/')[2] ?? ''] ?? '',
})
const CONFIG = parseConfig('hostname: mx.example.org\nmilter: { port: 10032 }\n')

test('a port that another program listens on is named with it, and must be mended; others are free', () => {
  const checks = portsChecked(CONFIG, machine({ '12': 'socket:[9]', '34': 'socket:[7003]' }))
  assert.deepEqual(
    checks.map(({ what, said, must }) => [what, said, must]),
    [
      ['port 10032 (milter)', 'is taken by a program that only root sees', true],
      ['port 8080 (http.console)', 'is free', undefined],
      ['port 8081 (http.portal)', 'is taken by java', true],
    ],
  )
})

test('a port that systemd holds is Cordon’s own', () => {
  const [milter] = portsChecked(CONFIG, machine({ '1': 'socket:[7001]' }, 'systemd'))
  assert.equal(milter?.state, 'good')
})

test('a port on another address of this machine is free', () => {
  const elsewhere = parseConfig('milter: { port: 10032, address: 127.0.0.2 }\n')
  assert.equal(portsChecked(elsewhere, machine({}))[0]?.state, 'good')
})
