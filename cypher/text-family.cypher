// title: Wordings that a cluster shares
// purpose: The same and nearly the same texts of a cluster that `graphwatch detect` found by them, with who wrote each.
// judul: Susunan kata yang dipakai bersama
// tujuan: Teks sama dan hampir sama dari klaster yang ditemukan deteksi, beserta penulisnya.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: cluster: integer = 1 -- number of the cluster in the layer text; 1 is the largest
// parameter: limit: integer = 1000 -- most rows to return
// column: family: number of the text in the run; nearly the same texts have the same
// column: members: members of the cluster that wrote it
// column: account: id of the account
// column: handle: its handle
// column: at_ms: time, UTC epoch milliseconds; null where unknown
// column: post: id of the post
// column: text: as it was written
// column: id: of the interaction
// innocent: A text that people were asked to copy is written by people who do not know each other.
// wajar: Teks yang diminta untuk disalin ditulis oleh orang yang tidak saling mengenal.
// example: graphwatch query text-family

MATCH (b:Burst)-[:BURST_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND k.layer = 'text' AND k.number = $cluster
MATCH (k)<-[:MEMBER_OF]-(a:Account)-[c:COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE c.id IN b.interactions
RETURN b.object AS family, b.members AS members, a.id AS account, a.handle AS handle, c.at_ms AS at_ms, o.id AS post,
       c.text AS text, c.id AS id
ORDER BY family, at_ms, account, id
LIMIT $limit
