// The web pages: the console of staff, the portal of customers, and the page of the walled garden.

import { z } from 'zod'
import { carriesWhite } from '../model/own-look.ts'
import { LANGUAGES } from '../model/subscriber.ts'
import { address, domain, line, path, port, text } from './fields.ts'

const httpsSite = text('Write https://HOST/', value => /^https:\/\/[^\s/]+\/$/i.test(value))

export const httpSchema = z
  .strictObject({
    console: z
      .strictObject({
        on: z.boolean().default(true).describe('false: it is not opened'),
        address: address.default('127.0.0.1').describe('Address on which the page is served'),
        port: port.default(8080).describe('TCP port of the console'),
        names: z
          .array(domain)
          .default([])
          .describe(
            'Names under which the console answers, besides hostname, localhost and addresses: the name of a reverse proxy that passes on the Host of its clients; any other name is answered 421',
          ),
      })
      .prefault({})
      .describe('Console with the live view, for staff'),
    refusalPages: text('Write https://HOST/', value => /^https?:\/\/[^\s/]+\/$/i.test(value))
      .optional()
      .describe(
        'Public address of the portal, such as https://portal.example.org/: each refusal names its page there; without it a refusal has only an id',
      ),
    portal: z
      .strictObject({
        on: z.boolean().default(true).describe('false: it is not opened'),
        address: address.default('127.0.0.1').describe('Address on which the page is served'),
        port: port.default(8081).describe('TCP port of the portal'),
        proxies: z
          .array(address)
          .default(['127.0.0.1', '::1'])
          .describe(
            'Reverse proxies (TLS) whose X-Forwarded-For is trusted: some actions are possible only from the customer’s own line; with their X-Forwarded-Proto: https the session’s cookie is for TLS only',
          ),
      })
      .prefault({})
      .describe('Portal for customers'),
    notice: z
      .strictObject({
        on: z.boolean().default(false).describe('true: it is opened'),
        address: address.default('127.0.0.1').describe('Address on which the page is served'),
        port: port.default(8082).describe('TCP port of the notice page'),
        proxies: z
          .array(address)
          .default(['127.0.0.1', '::1'])
          .describe('Reverse proxies (TLS) whose X-Forwarded-For is trusted'),
        publicAddress: httpsSite
          .optional()
          .describe(
            'Address of the notice page through a proxy with TLS, such as https://notice.example.org/: the URL that DHCP announces begins with it (RFC 8908, RFC 8910)',
          ),
        phone: text('Write a telephone number, such as +49 30 123456', value =>
          /^\+?[\d ()/-]{2,30}$/.test(value),
        )
          .optional()
          .describe('Telephone number of the service desk, on the page'),
      })
      .prefault({})
      .describe(
        'Page behind the walled garden, for isolated lines: a router leads their port 80 here (`nftables[].noticePage`)',
      ),
    look: z
      .strictObject({
        colour: text(
          'Write a colour that white letters can be read on, such as #1a6b4a',
          carriesWhite,
        )
          .optional()
          .describe('Colour of buttons'),
        logo: path
          .optional()
          .describe('PNG or SVG of at most 12 KiB, at the head of the pages; read again by itself'),
        words: z
          .partialRecord(
            z.enum(LANGUAGES, { error: `Write one of: ${LANGUAGES.join(', ')}` }),
            line(500),
          )
          .default({})
          .describe(
            'Sentences of your own at the foot of the pages, by language, such as the hours of your service desk',
          ),
      })
      .prefault({})
      .describe('How portal and notice page look'),
    clientSetup: z
      .strictObject({
        on: z.boolean().default(false).describe('true: it is opened'),
        address: address.default('127.0.0.1').describe('Address on which it is served'),
        port: port.default(8083).describe('TCP port of the client set-up'),
        proxies: z
          .array(address)
          .default(['127.0.0.1', '::1'])
          .describe('Reverse proxies (TLS), which may open as many connections as they like'),
      })
      .prefault({})
      .describe(
        'Set-up of mail programs (Mozilla autoconfig, Outlook autodiscover, Apple profiles) and a page for people, behind a proxy with TLS: `clientSetup` has its content',
      ),
  })
  .prefault({})
  .describe(
    'Web pages, opened on loopback even without this section. The console has no password, so every user of this machine may open it: leave it on loopback, or put a reverse proxy with authentication in front of it',
  )
