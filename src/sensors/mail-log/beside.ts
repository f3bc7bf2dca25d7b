// Addresses of this machine, and of networks beside it, where a filter is; customers may be there, too.

const BESIDE = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd])/

/** Canonical. */
export const isBeside = (address: string): boolean => BESIDE.test(address)
