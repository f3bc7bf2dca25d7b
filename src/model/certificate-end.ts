// When the end of a certificate is told to people: a program that renews certificates has done so weeks before.

import { DAY } from './duration.ts'

const SOON = 14 * DAY

/** Whether it is over, or so near its end that no program renews it any more. Both in milliseconds since 1970. */
export const endsSoon = (to: number, at: number): boolean => to - at < SOON
