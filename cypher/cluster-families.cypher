// title: Families of evidence of a cluster
// purpose: What each family of evidence shows between the members of a cluster: acts within the window and further ones, texts, links and likes without a time.
// judul: Keluarga bukti sebuah klaster
// tujuan: Apa yang ditunjukkan setiap keluarga bukti di antara anggota klaster: tindakan dalam jendela waktu dan jendela
//   yang lebih lebar, teks, tautan, dan suka tanpa waktu.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- layer in which the cluster was found: all, text, link or untimed
// parameter: cluster: integer -- number of the cluster in the layer of the run
// parameter: limit: integer = 100 -- most rows to return
// column: family: all (acts within the window), 10s, 15min or day (further windows), text, link or untimed; or one kind of a run that looked at each alone
// column: pairs: pairs of members that reached the count (acts), or agree beyond chance or in a cluster of the family
// column: n: objects in common, added up over these pairs
// column: expected: how many of them chance explains; null where nothing was tested
// column: coordinated: how many of the pairs are beyond chance
// column: q: the smallest false discovery rate at which one of them would be reported
// innocent: A family without a row shows nothing between the members: if they have such acts, that speaks against.
//   Two families that show the same may have one cause, such as a call in a group chat to like and to comment.
// wajar: Keluarga bukti tanpa baris tidak menunjukkan apa pun di antara anggotanya: bila mereka punya tindakan
//   semacam itu, hal ini menyangkal. Dua keluarga yang menunjukkan hal yang sama dapat bersebab satu, misalnya
//   ajakan di grup untuk menyukai dan mengomentari.
// example: graphwatch query cluster-families -p cluster=1

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer AND k.number = $cluster
MATCH (k)<-[:MEMBER_OF]-(a:Account)-[c:CO_INTERACTED]->(b:Account)-[:MEMBER_OF]->(k)
WITH r, c
WHERE c.run = r.id
WITH coalesce(c.layer, 'all') AS family, count(c) AS pairs, sum(c.n) AS n, sum(coalesce(c.expected, 0.0)) AS total,
     sum(CASE WHEN c.coordinated THEN 1 ELSE 0 END) AS coordinated, min(c.q) AS q
RETURN family, pairs, n, CASE WHEN q IS NULL THEN null ELSE round(total, 6) END AS expected, coordinated, q
ORDER BY family
LIMIT $limit
