// Mailboxes that every domain of ours has (RFC 5321 §4.5.1, RFC 2142 §4), unless they are forwarded or belong to a login.

/** abuse-desk is the sender of our own letters; abuse-reports is for programs that report. */
const ROLE = /^(?:postmaster|abuse|abuse-desk|abuse-reports)@/
const REPORTS = /^(?:abuse|abuse-reports)@/

/** `address` is folded. */
export const isRoleMailbox = (address: string): boolean => ROLE.test(address)

/** What is stored there is also read as a report of abuse. */
export const isReportMailbox = (address: string): boolean => REPORTS.test(address)
