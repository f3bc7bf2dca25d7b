// What is promised of the network: what is closed and what stays open on a router and a modem, and who is told to enforce it; and what a
// simulated town shows.

import type { Mutation } from './mutation.ts'

const CLOSED = 'before Cordon runs: port 25 is closed for everybody, and nothing else is'

export const NETWORK: readonly Mutation[] = [
  {
    row: 3,
    what: 'port 25 of consumers is open',
    file: 'src/drivers/network/nftables/base-table.ts',
    find: '    ip saddr @consumers4 jump refuse\n',
    replace: '',
    test: 'test/lab/nftables.test.ts',
    name: CLOSED,
  },
  {
    row: 3,
    what: 'worms pass from customer to customer',
    file: 'src/drivers/network/nftables/base-table.ts',
    find: '@consumers${family} reject with icmpx admin-prohibited`',
    replace: '@consumers${family} accept`',
    test: 'test/lab/nftables.test.ts',
    name: 'subscriber to subscriber: port 25 and worm ports are closed, the rest is not',
  },
  {
    row: 8,
    what: 'a modem leaves port 25 open',
    file: 'src/core/cpe/nftables.ts',
    find: 'reject with tcp reset`,',
    replace: 'accept`,',
    test: 'test/lab/cpe.test.ts',
    name: 'nftables: consumer, expert, and back again',
  },
  {
    row: 8,
    what: 'a modem lets the world in',
    file: 'src/core/cpe/nftables.ts',
    find: "    'drop',\n  ]\n}\n\nfunction input(",
    replace: "    'accept',\n  ]\n}\n\nfunction input(",
    test: 'test/lab/cpe.test.ts',
    name: 'nftables: consumer, expert, and back again',
  },
  {
    row: 9,
    what: 'submission is closed with port 25',
    file: 'src/drivers/network/nftables/base-table.ts',
    find: '    tcp dport 25 jump port25\n',
    replace: '    tcp dport { 25, 587 } jump port25\n',
    test: 'test/lab/nftables.test.ts',
    name: CLOSED,
  },
  {
    row: 9,
    what: 'a VPN is closed with port 25',
    file: 'src/drivers/network/nftables/base-table.ts',
    find: '    tcp dport 25 jump port25\n',
    replace: '    udp dport 51820 drop\n    tcp dport 25 jump port25\n',
    test: 'test/lab/lab.test.ts',
    name: 'the story holds, line by line',
  },
  {
    row: 48,
    what: 'a router lets an isolated line pass',
    file: 'src/drivers/network/nftables/base-table.ts',
    find: "@${setName('closed', one)} jump refuse`",
    replace: "@${setName('closed', one)} accept`",
    test: 'test/lab/nftables.test.ts',
    name: 'with Cordon: the expert’s port is open, and an incident closes it at once, also sessions that are open',
  },
  {
    row: 48,
    what: 'the time of a webhook is not signed',
    file: 'src/drivers/network/signed-post.ts',
    find: 'update(`${at}.${body}`)',
    replace: 'update(body)',
    test: 'test/e2e/webhook.test.ts',
  },
  {
    row: 50,
    what: 'what the disk refused is not written when it can be',
    file: 'src/drivers/ledger/owed-writes.ts',
    find: 'for (const one of keyed) if (settled(one)) owe(one)',
    replace: 'keyed.forEach(settled)',
    test: 'test/contracts/stores-that-die.test.ts',
  },
  {
    row: 53,
    what: 'the same seed plays another town',
    file: 'src/simulation/virtual/play.ts',
    find: 'random(`cordon ${plan.seed} ${one.bot.id} virtual`)',
    replace: 'random(`cordon ${Math.random()} ${one.bot.id} virtual`)',
    test: 'test/scenarios/town.test.ts',
    name: 'the same seed gives the same journal, byte for byte',
  },
]
