// title: Clusters without decision
// purpose: The clusters of a run on which nobody has decided, the largest first.
// judul: Klaster tanpa keputusan
// tujuan: Klaster dari satu deteksi yang belum diputuskan siapa pun, yang terbesar dahulu.
// category: review
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: limit: integer = 1000 -- most rows to return
// column: cluster: number of the cluster; 1 is the largest
// column: id: id of the cluster, as a lead
// column: size: member accounts
// column: objects: objects on which members co-interacted
// column: q_min: smallest q of its pairs; null where nothing was tested
// column: n_asn: members with a link to the roster in force; null where no roster was loaded
// column: continues: id of the cluster of an earlier run that it continues, which may have been decided on
// innocent: A cluster that nobody looked at yet is not suspicious by waiting; see the cluster that it continues first.
// wajar: Klaster yang belum dilihat siapa pun tidak menjadi mencurigakan karena menunggu; lihat dahulu klaster
//   yang dilanjutkannya.
// example: graphwatch query undecided-clusters

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer
  AND NOT EXISTS { MATCH (:Decision)-[:CONCERNS]->(k) }
OPTIONAL MATCH (k)-[:CONTINUES]->(e:Cluster)
RETURN k.number AS cluster, k.id AS id, k.size AS size, k.objects AS objects, k.q_min AS q_min, k.n_asn AS n_asn,
       e.id AS continues
ORDER BY cluster
LIMIT $limit
