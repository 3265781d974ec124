// title: Open complaints
// purpose: Complaints that are neither answered, forwarded nor closed, the nearest deadline first.
// judul: Aduan terbuka
// tujuan: Aduan yang belum dijawab, diteruskan, atau ditutup, tenggat terdekat dahulu.
// category: review
// parameter: limit: integer = 1000 -- most rows to return
// column: complaint: the office's number, or a hash of the row
// column: channel: how it came in
// column: received_at: day it was received, ISO date
// column: deadline: last day to report it on, ISO date; null where unknown, and then last
// column: status: new or checking
// column: kind: kind of interaction complained about; null where none is named
// column: accounts: accounts in the records that it is about
// column: posts: posts in the records that it is about
// column: sources: source:row of every row that supplied it
// innocent: A complaint is a claim by somebody who may be mistaken, or a rival; what it names may not be in the records.
// wajar: Aduan adalah pernyataan seseorang yang dapat keliru, atau yang berseberangan; yang disebutnya mungkin
//   tidak ada dalam catatan.
// example: graphwatch query open-complaints

MATCH (c:Complaint)
WHERE NOT coalesce(c.status, 'new') IN ['answered', 'forwarded', 'closed']
OPTIONAL MATCH (c)-[:ABOUT]->(a:Account)
WITH c, count(DISTINCT a.id) AS accounts
OPTIONAL MATCH (c)-[:ABOUT]->(o:Post)
WITH c, accounts, count(DISTINCT o.id) AS posts
RETURN c.id AS complaint, c.channel AS channel, c.received_at AS received_at, c.deadline AS deadline,
       coalesce(c.status, 'new') AS status, c.kind AS kind, accounts AS accounts, posts AS posts, c.sources AS sources
ORDER BY coalesce(deadline, '9999'), complaint
LIMIT $limit
