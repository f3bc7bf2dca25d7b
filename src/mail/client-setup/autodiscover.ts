// Outlook's autodiscover for servers that are no Exchange ([MS-OXDSCLI]): "plain old XML" that is asked for by POST, and JSON that says where that
// is. `Encryption` TLS means STARTTLS to Outlook, even on port 465, so only servers with TLS from the first byte are named, with SSL.

import { type ClientSetup, implicitOnly, type MailServer } from './client-setup.ts'
import { textOfXml, xmlText } from './xml-text.ts'

/** Outlook writes `Autodiscover`, too: paths are compared in lower case. */
export const POX_PATH = '/autodiscover/autodiscover.xml'
export const AUTODISCOVER_JSON_PATH = '/autodiscover/autodiscover.json'

const RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'
export const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'
const NAMES = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' } as const

/** The address that a request names, and whether it understands our answer. Undefined where it cannot be read. */
export function readAutodiscover(xml: string): { address: string; outlook: boolean } | undefined {
  // A document type may define entities; a comment or CDATA could hide an element. No Outlook sends one.
  if (xml.includes('<!')) return undefined
  const address = onlyText(xml, ADDRESS)
  if (address === undefined) return undefined
  const schema = onlyText(xml, SCHEMA)
  return { address, outlook: schema === undefined || schema.startsWith(`${OUTLOOK}/`) }
}

const ADDRESS = /<(?:\w{1,20}:)?EMailAddress>([^<]{1,1000})</g
const SCHEMA = /<(?:\w{1,20}:)?AcceptableResponseSchema>([^<]{1,1000})</g

/** The text of an element that stands there once, whatever its prefix. */
function onlyText(xml: string, element: RegExp): string | undefined {
  const found = [...xml.matchAll(element)]
  const text = found.length === 1 ? found[0]?.[1] : undefined
  return text === undefined ? undefined : textOfXml(text).trim()
}

/** Undefined where no server is left that Outlook could be told. */
export function autodiscoverXml({ address, ...setup }: ClientSetup): string | undefined {
  const [reading, [sending]] = [implicitOnly(setup.reading), implicitOnly(setup.sending)]
  if (address === undefined || reading.length === 0 || !sending) return undefined
  return inEnvelope(`${OUTLOOK}/responseschema/2006a`)(`    <User>
      <DisplayName>${xmlText(address)}</DisplayName>
    </User>
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
${[...reading, sending].map(server => protocolOf(server, address)).join('\n')}
    </Account>`)
}

const protocolOf = ({ protocol, host, port }: MailServer, address: string): string =>
  `      <Protocol>
        <Type>${NAMES[protocol]}</Type>
        <Server>${xmlText(host)}</Server>
        <Port>${port}</Port>
        <DomainRequired>off</DomainRequired>
        <LoginName>${xmlText(address)}</LoginName>
        <SPA>off</SPA>
        <SSL>on</SSL>
        <Encryption>SSL</Encryption>
        <AuthRequired>on</AuthRequired>
      </Protocol>`

const ERRORS = { 600: 'Invalid Request', 601: 'Provider is not available' } as const

/** 600: it cannot be read; 601: nothing is known for what it asks. */
export const autodiscoverError = (code: keyof typeof ERRORS): string =>
  inEnvelope(RESPONSE)(`    <Error Time="00:00:00.0000000" Id="0">
      <ErrorCode>${code}</ErrorCode>
      <Message>${ERRORS[code]}</Message>
      <DebugData />
    </Error>`)

const inEnvelope = (schema: string) => (content: string) =>
  `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${RESPONSE}">
  <Response xmlns="${schema}">
${content}
  </Response>
</Autodiscover>
`

/** Version 2: where the XML is. Undefined for a protocol that is not spoken here, such as ActiveSync. */
export const autodiscoverJson = (domain: string, protocol: string): string | undefined =>
  protocol.toLowerCase() === 'autodiscoverv1'
    ? JSON.stringify({
        Protocol: 'AutodiscoverV1',
        Url: `https://autodiscover.${domain}${POX_PATH}`,
      })
    : undefined

export const AUTODISCOVER_JSON_ERROR = JSON.stringify({
  ErrorCode: 'InvalidProtocol',
  ErrorMessage: 'The protocol is not supported here. The supported value is AutodiscoverV1.',
})
