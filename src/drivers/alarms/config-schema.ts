// What the configuration may say of how the operator is told.

import { z } from 'zod'
import {
  count,
  driverName,
  line,
  mailAddress,
  signedPost,
  text,
  timeout,
} from '../../config/fields.ts'

const webhook = z.strictObject({
  name: driverName
    .default('webhook')
    .describe('Name in logs; what was told is remembered under it'),
  url: signedPost.url.describe(
    'URL that gets alarms as JSON and answers 2xx; a redirect is not followed',
  ),
  secret: signedPost.secret,
  privateAddresses: z
    .boolean()
    .default(false)
    .describe('Whether the URL may lead to a private address, or to this machine'),
})

const command = z.strictObject({
  name: driverName
    .default('command')
    .describe('Name in logs; what was told is remembered under it'),
  run: z
    .array(line(1000))
    .min(1, { error: 'Write the program and its arguments' })
    .describe(
      'The program, with its whole path, and its arguments: no shell reads them. It gets the alarms as JSON on standard input, and ends with 0',
    ),
  timeout: timeout('10s').describe('Time after which the program is ended, and run again later'),
})

/** What was told is remembered by name. */
const NAMES = { error: 'Write another `name` for each' }
const namesDiffer = (all: readonly { readonly name: string }[]) =>
  new Set(all.map(one => one.name)).size === all.length

export const alarmsSchema = {
  alarms: z
    .strictObject({
      mail: z.array(mailAddress).default([]).describe('Addresses that get a mail'),
      webhooks: z
        .array(webhook)
        .refine(namesDiffer, NAMES)
        .default([])
        .describe('URLs that get JSON, signed'),
      commands: z
        .array(command)
        .refine(namesDiffer, NAMES)
        .default([])
        .describe('Programs that are run, such as a pager'),
      queue: count(1000, 100_000_000).describe(
        'Recipients that wait for delivery, beyond which the queue is told of',
      ),
      digest: text('Write a time, such as 07:00, or off', value =>
        /^(?:(?:[01]\d|2[0-3]):[0-5]\d|off)$/.test(value),
      )
        .default('07:00')
        .describe('Time of day of the digest (`timeZone`); off: there is none'),
    })
    .prefault({})
    .describe('How the operator is told of alarms; without a way nothing is told'),
}
