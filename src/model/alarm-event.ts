// What is told of alarms; part of model/event.ts.

export type AlarmEvent = {
  readonly kind: 'alarm-raised'
  /**
   * `address-listed`: another server refuses us for the address we come from. `large-sender`: one that much of our mail comes from would have
   * been refused. `counters-lost`: counters could not be read and began anew. `mail-found`: bodies without a message in the queue went to lost-
   * and-found/. `own-mail`: our own mail is not taken by a mailbox of ours. `mailbox-gone`: mail that was taken for an address of ours (a
   * forward, a login that a feed no longer has) has no mailbox. `mail-damaged`: mail that is due is damaged, and stays in the queue. `feed-
   * refused`: the feed could not be read, or would take too much away; nothing of it is taken. `half-asked`: Postfix asks about a part of each
   * message only, or says no login to the milter; `words` says which line is missing. `teller-clock`: the clock of an access server, exporter or
   * log is off, or jumped. `unknown-customers`: accounting tells of users that are no customers. `leases-missing`: a file of leases is not
   * there; nothing is ended for that. `no-releaser`: no program could release mail where it is kept, so it is not held over a limit. `releaser-
   * away`: it does not answer now. `mail-waits`: mail of a case waits for a word: the sum is as high as isolates, and not proved. `local-mail`:
   * what local programs hand in is over a limit. `large- message`: one message to very many is. `held-deleted`: no report of that reaches its
   * sender. `address-shared`: one address, or login, of two customers. `list-files`: its files cannot be
   * written. `watched-sender`: a login would be stopped or its mail held, by the log of a server that does not ask Cordon.
   */
  readonly alarm:
    | 'address-listed'
    | 'large-sender'
    | 'counters-lost'
    | 'mail-found'
    | 'mail-damaged'
    | 'own-mail'
    | 'mailbox-gone'
    | 'feed-refused'
    | 'half-asked'
    | 'teller-clock'
    | 'unknown-customers'
    | 'leases-missing'
    | 'no-releaser'
    | 'releaser-away'
    | 'mail-waits'
    | 'local-mail'
    | 'large-message'
    | 'held-deleted'
    | 'address-shared'
    | 'list-files'
    | 'watched-sender'
  readonly about: string
  readonly words: string
}
