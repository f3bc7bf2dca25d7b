/** What is not the end of a message, though some server somewhere has taken it for that (SMTP smuggling). */
export const SMUGGLERS = [
  '\n.\n',
  '\r.\r',
  '\n.\r\n',
  '\r\n.\n',
  '\r\n.\r',
  '\r.\r\n',
  '\r\n\0.\r\n',
  '\n.\r',
]
