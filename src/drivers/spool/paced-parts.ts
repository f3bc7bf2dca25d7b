// What of one sender is paced, as the window looks at it: part by part, in the order in which it came, with what waits in front.

export const PACED_PARTS = `SELECT * FROM (
  SELECT m.id, r.payer, r.bucket, count(*) AS recipients, min(r.due) AS due, m.at, m.sender, m.login, m.subscriber, m.subject, m.expires, m.nats, m.bounceable,
         CASE WHEN json_valid(m.facts) THEN m.facts END AS facts,
         row_number() OVER line AS place, sum(count(*)) OVER line AS upTo,
         count(*) OVER whole AS messages, sum(count(*)) OVER whole AS waiting
  FROM recipient r JOIN message m ON m.id = r.message
  WHERE r.state = 'paced' AND r.payer = ? GROUP BY r.bucket, m.id
  WINDOW whole AS (PARTITION BY r.bucket), line AS (PARTITION BY r.bucket ORDER BY m.at, min(r.id))
) WHERE place <= ? ORDER BY place`

export const PAYERS = "SELECT DISTINCT payer FROM recipient WHERE state = 'paced' ORDER BY payer"
