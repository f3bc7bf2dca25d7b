// The words of quotas, as people write them: what a quota is kept for, what it counts, and in which part of the calendar.

export const QUOTA_KEYS = [
  'login',
  'line',
  'address',
  'network',
  'sender',
  'sender-domain',
  'organisation',
  'recipient',
] as const
export type QuotaKey = (typeof QUOTA_KEYS)[number]

export const QUOTA_COUNTS = [
  'messages',
  'recipients',
  'bytes',
  'first-time',
  'distinct-recipients',
] as const
export type QuotaCount = (typeof QUOTA_COUNTS)[number]

export const PERIODS = ['day', 'week', 'month'] as const
export type Period = (typeof PERIODS)[number]
