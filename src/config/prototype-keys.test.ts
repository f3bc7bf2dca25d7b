import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../model/errors.ts'
import { parseConfig } from './load.ts'

const GOOD = `hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 25 }]
`

const told = (more: string): string => {
  try {
    parseConfig(GOOD + more)
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error.message
  }
  return 'nothing'
}

// What every object of JavaScript has is no setting that Cordon knows.
for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])
  test(`${name} is an unknown setting, wherever it stands`, () => {
    for (const [place, text] of [
      [name, `${name}: 1\n`],
      [`http.${name}`, `http: { ${name}: { on: false } }\n`],
      [`http.console.${name}`, `http: { console: { ${name}: 1 } }\n`],
      [`limits.consumer.${name}`, `limits: { consumer: { ${name}: 1 } }\n`],
      [`subscribers #1.${name}`, `subscribers: [{ id: a, logins: [], ${name}: 1 }]\n`],
      [
        `subscribers #1.logins #1.${name}`,
        `subscribers: [{ id: a, logins: [{ name: a@isp.example, ${name}: 1 }] }]\n`,
      ],
    ] as const)
      assert.equal(told(text), `line 4: ${place}: there is no such setting. Remove it.`)
  })

test('where names are free, __proto__ is refused, and the others are names', () => {
  for (const text of [
    'forwards: { __proto__: [a@isp.example] }\n',
    'routes: { __proto__: { host: mx.isp.example } }\n',
    'access: { groups: { "__pro\\x74o__": { client: [192.0.2.1] } } }\n',
  ])
    assert.match(told(text), /^line 4: [a-z.]+\.__proto__: there is no such setting\. Remove it\.$/)
  assert.equal(told('routes: { constructor: { host: mx.isp.example } }\n'), 'nothing')
  assert.match(
    told('access: { entries: [{ match: { group: [constructor] }, action: reject }] }\n'),
    /constructor/,
  )
})
