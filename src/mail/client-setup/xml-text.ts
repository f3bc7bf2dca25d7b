// Text inside XML: escaped, and without characters that no XML document may have (XML 1.0 §2.2).

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

export const xmlText = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, one => ESCAPES[one] ?? '')

/** What the five escapes of XML and nothing else stand for: a document of a stranger defines no others. */
export const textOfXml = (text: string): string =>
  text.replace(
    /&(?:amp|lt|gt|quot|apos);/g,
    escaped => Object.entries(ESCAPES).find(([, one]) => one === escaped)?.[0] ?? escaped,
  )
