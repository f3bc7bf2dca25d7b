// Anna's second factor as tests need it: each code is right once.

import type { SecondFactors } from '../../src/ports/second-factor.ts'

export function factorOfAnna(): SecondFactors {
  const codes = new Set(['111111', '222222', '333333', '444444'])
  return {
    has: subscriber => subscriber === 'anna',
    begin: () => undefined,
    confirm: async () => false,
    check: async (subscriber, code) =>
      subscriber === 'anna' && codes.delete(code) ? 'right' : 'wrong',
    remove: async () => undefined,
  }
}
