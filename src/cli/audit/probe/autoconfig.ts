// What Mozilla's autoconfig says of sending: hosts and ports. Read as far as that needs, of bounded text; nothing is believed for it.

export const AUTOCONFIG_PATH = '/mail/config-v1.1.xml'
/** No provider tells more. */
const MAX_SERVERS = 10

/** Empty where it is none, or says nothing of it. */
export function outgoingOf(
  xml: string,
): readonly { readonly host: string; readonly port: number }[] {
  const [, ...parts] = xml.split('<outgoingServer').slice(0, MAX_SERVERS + 1)
  return parts.flatMap(part => {
    const host = within(part, 'hostname')?.toLowerCase()
    const port = Number(within(part, 'port'))
    return host === undefined || !(port > 0 && port < 65_536) ? [] : [{ host, port }]
  })
}

function within(part: string, element: string): string | undefined {
  const [start, end] = [part.indexOf(`<${element}>`), part.indexOf(`</${element}>`)]
  return start < 0 || end < start ? undefined : part.slice(start + element.length + 2, end).trim()
}
