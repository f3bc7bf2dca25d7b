import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReadingBudget } from '../reading-budget.ts'
import { StructuredField } from './structured-field.ts'
import { type ParameterName, parameters } from './parameters.ts'

const all = (value: string, name: ParameterName): readonly string[] => [
  ...parameters([new StructuredField({ value })], name, new ReadingBudget()).values,
]

test('a parameter as it is, quoted, in pieces, and in a character set of its own', () => {
  for (const [value, wanted] of [
    ['text/plain; charset=utf-8', 'utf-8'],
    ['text/plain; CHARSET="utf-8"', 'utf-8'],
    ['x; other="; charset=no"; charset=yes', 'yes'],
    ['x; charset="a \\"b\\" c"', 'a "b" c'],
    ["x; charset*=utf-8'en'Gr%C3%BC%C3%9Fe", 'Grüße'],
    ["x; charset*=iso-8859-1''Gr%FC", 'Grü'],
    ['x; charset*0*=utf-8\'\'a%20; charset*1="b.exe"', 'a b.exe'],
    ['x; charset*1=two; charset*0=one', 'onetwo'],
    ["x; charset*0*=utf-8''%C3; charset*1*=%BC", 'ü'],
    ['x', undefined],
  ] as const)
    assert.deepEqual(all(value, 'charset').includes(wanted ?? ''), wanted !== undefined, value)
})
