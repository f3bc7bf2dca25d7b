// The commands: name -> what `cordon help` says of it, and the file that has the rest. A command's file, and whatever it
// imports, is loaded only when the command is asked for: `cordon --version` must not wait for a mail server to be read.

import type { Command } from 'commander'

type CommandEntry = readonly [about: string, load: () => Promise<Command>]

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  serve: [
    'run Cordon with a configuration',
    async () => (await import('./serve.ts')).serveCommand(),
  ],
  setup: [
    'look at this machine, ask five things, and write a configuration that observes',
    async () => (await import('./setup.ts')).setupCommand(),
  ],
  reload: [
    'reload the configuration and print the changes; exit code 0 done, 1 refused, 69 no server, 78 a file with mistakes',
    async () => (await import('./reload.ts')).reloadCommand(),
  ],
  neighbourhood: [
    'run Cordon in the middle of a small town with bots in it, and watch',
    async () => (await import('./neighbourhood.ts')).neighbourhoodCommand(),
  ],
  status: [
    'how things stand, on one screen; exit code 0 nothing needs attention, 1 something does, 69 no server',
    async () => (await import('./status.ts')).statusCommand(),
  ],
  top: [
    'what happens now: sums that rise, decisions, mail; Ctrl-C ends',
    async () => (await import('./top.ts')).topCommand(),
  ],
  incident: [
    'incidents: list, show, release, impose',
    async () => (await import('./incident.ts')).incidentCommand(),
  ],
  sentence: [
    'one sentence about a case, for the person on the telephone',
    async () => (await import('./sentence.ts')).sentenceCommand(),
  ],
  subscriber: [
    'customers: list, show, import, reset-factor',
    async () => (await import('./subscriber.ts')).subscriberCommand(),
  ],
  rollout: [
    'closing port 25 in parts: plan, announce, start, rollback',
    async () => (await import('./rollout.ts')).rolloutCommand(),
  ],
  'opt-out': [
    'opt-outs of port 25: list, end, reverse-dns-set',
    async () => (await import('./opt-out.ts')).optOutCommand(),
  ],
  who: [
    'the subscriber that had an address, now or then, and how sure that is',
    async () => (await import('./who.ts')).whoCommand(),
  ],
  'who-spams': [
    'which login sends spam, from the log of any mail server; needs no configuration and no server',
    async () => (await import('./who-spams.ts')).whoSpamsCommand(),
  ],
  lease: ['leases: import, kea-hook', async () => (await import('./lease.ts')).leaseCommand()],
  leases: [
    'subscribers that had an address and when, as far back as leases are kept',
    async () => (await import('./leases.ts')).leasesCommand(),
  ],
  audit: [
    "whether mail servers, yours or others', are fit: submission, TLS, relay, DNS; exit code 0 they are, 1 something is to be mended",
    async () => (await import('./audit/audit.ts')).auditCommand(),
  ],
  'audit-log': [
    'orders, their actors and outcomes',
    async () => (await import('./audit-log.ts')).auditLogCommand(),
  ],
  evidence: [
    'evidence against a line or login',
    async () => (await import('./evidence.ts')).evidenceCommand(),
  ],
  window: [
    'mail that waits for the window of its sender: show, open, announce, answer',
    async () => (await import('./window.ts')).windowCommand(),
  ],
  queue: [
    'messages in the queue: list, show, flush, release, purge',
    async () => (await import('./queue.ts')).queueCommand(),
  ],
  order: [
    'give any order; without one, list them with their fields',
    async () => (await import('./order.ts')).orderCommand(),
  ],
  policy: ['the rules: check, suggest', async () => (await import('./policy.ts')).policyCommand()],
  replay: [
    'what another policy would have done with the mail of the last days',
    async () => (await import('./replay.ts')).replayCommand(),
  ],
  simulate: [
    'people and bots of a file through the evidence by episodes, with all that it would decide',
    async () => (await import('./simulate.ts')).simulateCommand(),
  ],
  events: [
    'what the journal says about a customer, login, address, message or refusal',
    async () => (await import('./events.ts')).eventsCommand(),
  ],
  refusal: [
    'why a message was refused',
    async () => (await import('./refusal.ts')).refusalCommand(),
  ],
  router: ['routers: table', async () => (await import('./router.ts')).routerCommand()],
  driver: [
    'routers and other devices: list, flush, fill',
    async () => (await import('./driver.ts')).driverCommand(),
  ],
  list: [
    'addresses on our own DNS list: show, check, export',
    async () => (await import('./list.ts')).listCommand(),
  ],
  network: [
    'sources of leases and traffic, and what the network enforces: status, doctor',
    async () => (await import('./network.ts')).networkCommand(),
  ],
  cpe: ['modems: render, switch', async () => (await import('./cpe.ts')).cpeCommand()],
  doctor: [
    'what is wrong, here and beside Cordon, and what to do: all, postfix',
    async () => (await import('./doctor/doctor.ts')).doctorCommand(),
  ],
  lab: [
    'build a small provider in network namespaces, play a story in it, and check its promises (root)',
    async () => (await import('./lab.ts')).labCommand(),
  ],
  feedback: [
    'reports of abuse that came in: list, import',
    async () => (await import('./feedback.ts')).feedbackCommand(),
  ],
  'client-setup': [
    'what mail programs are told of a domain, and find: show, check',
    async () => (await import('./client-setup.ts')).clientSetupCommand(),
  ],
  dkim: [
    'our DKIM key: show its record for the DNS',
    async () => (await import('./dkim.ts')).dkimCommand(),
  ],
  backup: [
    'copy the data folder of a Cordon that runs or is stopped',
    async () => (await import('./backup.ts')).backupCommand(),
  ],
  verify: [
    'whether a backup is whole; exit code 0 it is, 1 it is damaged',
    async () => (await import('./verify.ts')).verifyCommand(),
  ],
  restore: [
    'put a backup into an empty data folder',
    async () => (await import('./restore.ts')).restoreCommand(),
  ],
  config: [
    'configuration: example, check',
    async () => (await import('./config.ts')).configCommand(),
  ],
  'app-password': [
    'passwords for single mail programs: add, remove',
    async () => (await import('./app-password.ts')).appPasswordCommand(),
  ],
  completion: [
    'a script that completes commands and options in bash, zsh or fish',
    async () => (await import('./completion.ts')).completionCommand(),
  ],
  'hash-password': [
    'read a password from standard input and print its hash',
    async () => (await import('./hash-password.ts')).hashPasswordCommand(),
  ],
}
