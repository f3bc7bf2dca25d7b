import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConfig } from '../config/load.ts'
import { reporterName } from './reporter-name.ts'

test('a Cordon without a name is told apart from all others by its domain', () => {
  const { provider } = checkConfig({})
  assert.equal(reporterName(provider, 'isp.example'), 'isp.example')
  assert.equal(reporterName('Example Net', 'isp.example'), 'Example Net')
})
