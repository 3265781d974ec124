// title: Members of a cluster
// purpose: The accounts of one cluster, and how each came into it.
// judul: Anggota sebuah klaster
// tujuan: Akun-akun sebuah klaster, dan bagaimana masing-masing masuk.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: cluster: integer -- number of the cluster in the layer of the run
// column: account: id of the account
// column: platform: short name of the platform
// column: handle: public handle
// column: name: display name
// column: url: address of the public profile
// column: entered: core or grown
// column: partners: members with whom the account reached the run's count
// innocent: An account with few partners may be a fan who happened to be quick on the same posts.
//   An account is not a person: several people may use it, and one person may use several.
// wajar: Akun dengan sedikit pasangan dapat berupa penggemar yang kebetulan cepat pada unggahan yang sama. Akun
//   bukan orang: beberapa orang dapat memakainya, dan satu orang dapat memakai beberapa.
// example: graphwatch query cluster-members -p cluster=1

MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer
  AND k.number = $cluster
RETURN a.id AS account, a.platform AS platform, a.handle AS handle, a.name AS name, a.url AS url,
       m.entered AS entered, m.partners AS partners
ORDER BY partners DESC, account
