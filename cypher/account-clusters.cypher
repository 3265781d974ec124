// title: Clusters of an account
// purpose: The clusters of a run in which one account is, and how it came into them.
// judul: Klaster sebuah akun
// tujuan: Klaster dari satu deteksi yang memuat sebuah akun, dan bagaimana akun itu masuk.
// category: accounts
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: account: text -- id or handle of the account
// parameter: limit: integer = 1000 -- most rows to return
// column: account: id of the account
// column: cluster: number of the cluster; 1 is the largest
// column: size: member accounts
// column: entered: core or grown
// column: partners: members with whom the account reached the run's count
// column: first_ms: first co-interaction of the cluster, UTC epoch milliseconds
// column: last_ms: last co-interaction of the cluster, UTC epoch milliseconds
// innocent: Who is quick on the same posts as a cluster comes into it without knowing it; see the pairs of the account.
// wajar: Siapa yang cepat menanggapi unggahan yang sama dengan sebuah klaster dapat masuk ke dalamnya tanpa
//   mengetahuinya; lihat pasangan akun itu.
// example: graphwatch query account-clusters -p account=x:1

MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer
  AND (a.id = $account OR a.handle = $account)
RETURN a.id AS account, k.number AS cluster, k.size AS size, m.entered AS entered, m.partners AS partners,
       k.first_ms AS first_ms, k.last_ms AS last_ms
ORDER BY account, cluster
LIMIT $limit
