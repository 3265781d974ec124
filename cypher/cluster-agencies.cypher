// title: Agencies of a cluster
// purpose: The agencies at which members of one cluster work, beside what chance alone would give.
// judul: OPD dalam sebuah klaster
// tujuan: OPD tempat anggota sebuah klaster bekerja, di samping yang diberikan kebetulan saja.
// category: agencies
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: cluster: integer -- number of the cluster in the layer of the run
// column: agency: id of the agency on the roster
// column: name: name of the agency
// column: members: members who work there, by a link to the roster in force when they acted
// column: size: members of the cluster
// column: expected: members that a cluster of this size drawn at random would have there
// column: q: false discovery rate over clusters and agencies of the run
// innocent: People of one office share breaks, assemblies and a messaging group. Acting at the same moment may be
//   pressure from above: the owners of these accounts may be victims. Absence from the roster shows nothing.
// wajar: Orang satu kantor beristirahat, berapel, dan berbagi grup percakapan bersama. Bertindak pada saat yang
//   sama dapat berarti tekanan dari atas: pemilik akun ini mungkin korbannya. Tidak tercantum pada daftar tidak
//   menunjukkan apa pun.
// example: graphwatch query cluster-agencies -p cluster=1

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer AND k.number = $cluster
MATCH (k)-[d:DRAWN_FROM]->(g:Agency)
RETURN g.id AS agency, g.name AS name, d.n AS members, k.size AS size, d.expected AS expected, d.q AS q
ORDER BY d.log10_p, members DESC, agency
