// title: Pairs of a cluster
// purpose: The pairs of members of one cluster that reached the run's count, the least likely by chance first.
// judul: Pasangan dalam sebuah klaster
// tujuan: Pasangan anggota sebuah klaster yang mencapai jumlah yang diminta, yang paling tidak mungkin kebetulan
//   dahulu.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: cluster: integer -- number of the cluster in the layer of the run
// parameter: limit: integer = 1000 -- most pairs to return
// column: account_a: id of the account with the smaller id
// column: handle_a: its public handle
// column: account_b: id of the other account
// column: handle_b: its public handle
// column: n: distinct posts on which both acted within the window
// column: opportunities: posts on which both acted at roughly the same time; null where nothing was tested
// column: expected: how many of the opportunities chance explains
// column: median_gap_s: median over posts of the smallest gap, in seconds
// column: q: false discovery rate at which the pair would be reported
// column: coordinated: beyond chance at the run's false discovery rate; null where nothing was tested
// column: shared_interest: more shared posts than the activity of the two explains; fans pass this, by design
// innocent: A pair inside a cluster that is not beyond chance by itself may be two fans of the same page.
//   Two accounts of one person, or of one office, act together without any agreement.
// wajar: Pasangan dalam klaster yang sendirinya tidak melampaui kebetulan dapat berupa dua penggemar halaman yang
//   sama. Dua akun milik satu orang, atau satu kantor, bertindak bersama tanpa kesepakatan apa pun.
// example: graphwatch query cluster-pairs -p cluster=1

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer AND k.number = $cluster
MATCH (k)<-[:MEMBER_OF]-(a:Account)-[c:CO_INTERACTED]->(b:Account)-[:MEMBER_OF]->(k)
WITH r, a, c, b
WHERE c.run = r.id AND coalesce(c.layer, 'all') = $layer
RETURN a.id AS account_a, a.handle AS handle_a, b.id AS account_b, b.handle AS handle_b, c.n AS n,
       c.opportunities AS opportunities, c.expected AS expected, c.median_gap_s AS median_gap_s, c.q AS q,
       c.coordinated AS coordinated, c.shared_interest AS shared_interest
ORDER BY coalesce(c.log10_p, 0.0), n DESC, account_a, account_b
LIMIT $limit
