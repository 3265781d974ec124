// title: Clusters with members of an agency
// purpose: The clusters of a run that stand out by members who work at one agency, beside what chance alone would give.
// judul: Klaster dengan anggota dari sebuah OPD
// tujuan: Klaster dari satu deteksi yang menonjol karena anggotanya bekerja di sebuah OPD, di samping yang diberikan
//   kebetulan saja.
// category: agencies
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: agency: text -- id of the agency on the roster
// parameter: limit: integer = 1000 -- most rows to return
// column: cluster: number of the cluster; 1 is the largest
// column: size: member accounts
// column: members: members who work there, by a link to the roster in force when they acted
// column: expected: members that a cluster of this size drawn at random would have there
// column: q: false discovery rate over clusters and agencies of the run
// innocent: People of one office share breaks, assemblies and a messaging group. Acting at the same moment may be
//   pressure from above: the owners of these accounts may be victims.
// wajar: Orang satu kantor beristirahat, berapel, dan berbagi grup percakapan bersama. Bertindak pada saat yang
//   sama dapat berarti tekanan dari atas: pemilik akun ini mungkin korbannya.
// example: graphwatch query agency-clusters -p agency=dinas-1

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer
MATCH (k)-[d:DRAWN_FROM]->(g:Agency)
WHERE g.id = $agency
RETURN k.number AS cluster, k.size AS size, d.n AS members, d.expected AS expected, d.q AS q
ORDER BY cluster
LIMIT $limit
