// title: Targets of a cluster
// purpose: The pages and paslon on whose posts one cluster acted, beside what others of like activity do.
// judul: Sasaran sebuah klaster
// tujuan: Halaman dan paslon yang unggahannya ditanggapi sebuah klaster, di samping akun lain yang sama aktifnya.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: cluster: integer -- number of the cluster in the layer of the run
// parameter: limit: integer = 100 -- most targets to return
// column: kind: paslon or page
// column: target: id of the paslon or page
// column: name: names on the ballot, or display name of the page
// column: interactions: interactions of the members with these posts
// column: share: share of the members' interactions
// column: expected: share of the interactions of accounts with similar activity
// column: q: false discovery rate over clusters and targets of the run
// innocent: People follow the pages that they like; more interactions with one paslon are an interest, not an order.
//   Acting on a post, for instance to contradict it, is not support.
// wajar: Orang mengikuti halaman yang mereka sukai; lebih banyak interaksi dengan satu paslon adalah minat, bukan
//   perintah. Menanggapi unggahan, misalnya untuk membantahnya, bukan dukungan.
// example: graphwatch query cluster-targets -p cluster=1

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer AND k.number = $cluster
MATCH (k)-[t:TARGETS]->(x:Paslon|Page)
RETURN t.kind AS kind, x.id AS target, x.name AS name, t.interactions AS interactions, t.share AS share,
       t.expected AS expected, t.q AS q
ORDER BY kind, t.log10_p, interactions DESC, target
LIMIT $limit
