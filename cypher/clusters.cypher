// title: Clusters
// purpose: The clusters that a run found, with their sizes and times, the largest first.
// judul: Klaster
// tujuan: Klaster yang ditemukan satu deteksi, beserta ukuran dan waktunya, yang terbesar dahulu.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: limit: integer = 1000 -- most clusters to return
// column: cluster: number of the cluster; 1 is the largest
// column: size: member accounts
// column: pairs: pairs of members that reached the run's count
// column: density: pairs over possible pairs of members
// column: objects: objects on which members co-interacted
// column: first_ms: first co-interaction, UTC epoch milliseconds
// column: last_ms: last co-interaction, UTC epoch milliseconds
// column: interest_share: share of the pairs that also share more objects than their activity explains
// column: passed: acted together, and common interest where at least half of the pairs share it; null where not tested
// column: continues: id of the cluster of an earlier run of the same question that it continues
// column: jaccard: members that both have over all members of the two
// innocent: An active fan club, a newsroom or a class with a group chat acts together openly.
//   Common interest alone would be fans; acting together is what chance does not explain.
//   A cluster is a lead for a human reviewer, never a verdict.
// wajar: Kelompok penggemar, redaksi berita, atau kelas dengan grup percakapan bertindak bersama secara terbuka.
//   Minat yang sama saja berarti penggemar; bertindak bersama adalah yang tidak dijelaskan kebetulan. Klaster
//   adalah petunjuk untuk diperiksa manusia, bukan putusan.
// example: graphwatch query clusters

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer
OPTIONAL MATCH (k)-[c:CONTINUES]->(e:Cluster)
RETURN k.number AS cluster, k.size AS size, k.pairs AS pairs, k.density AS density,
       k.objects AS objects, k.first_ms AS first_ms, k.last_ms AS last_ms,
       k.interest_share AS interest_share,
       CASE WHEN k.interest_share IS NULL THEN null
            WHEN k.interest_share >= 0.5 THEN 'acted together and common interest'
            ELSE 'acted together' END AS passed,
       e.id AS continues, c.jaccard AS jaccard
ORDER BY cluster
LIMIT $limit
