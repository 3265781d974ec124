// title: Interactions of duty accounts
// purpose: Single interactions of accounts that an agency operates with posts of paslon pages, in order of time.
// judul: Interaksi akun kedinasan
// tujuan: Setiap interaksi akun yang dikelola OPD dengan unggahan halaman paslon, menurut urutan waktu.
// category: engagement
// parameter: limit: integer = 1000 -- most rows to return
// column: agency: id of the agency that operates the account
// column: name: name of the agency
// column: account: id of the account
// column: handle: its public handle
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: at: time as written in the source; null where unknown
// column: at_ms: time in UTC epoch milliseconds; null where unknown, and then last
// column: post: id of the post
// column: url: address of the post
// column: page: id of the page that published it
// column: paslon: id of the paslon that the page campaigns for
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction
// column: time_basis: acted; derived, from a native id; observed, when somebody looked and not later than which; untimed
// column: validity: valid; or unknown, where the link to the agency has an end and nobody knows when the account acted
// innocent: Several people use a duty account, and a slip between two accounts on one telephone is common.
//   A question answered under a campaign's post can be the agency's task.
// wajar: Beberapa orang memakai akun kedinasan, dan salah akun pada satu telepon sering terjadi. Menjawab
//   pertanyaan di bawah unggahan kampanye dapat merupakan tugas instansi.
// example: graphwatch query duty-interactions

MATCH (s:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[d:OPERATED_BY]->(g:Agency)
WITH s, p, o, i, a, d, g, coalesce(i.at_ms, i.observed_at_ms) AS t
WHERE t IS NULL OR (d.from_ms IS NULL OR d.from_ms <= t) AND (d.to_ms IS NULL OR d.to_ms > t)
RETURN DISTINCT g.id AS agency, g.name AS name, a.id AS account, a.handle AS handle, i.kind AS kind, i.at AS at,
       i.at_ms AS at_ms, o.id AS post, o.url AS url, p.id AS page, s.id AS paslon, i.sources AS sources,
       i.id AS interaction, CASE WHEN i.at_ms IS NULL THEN 'untimed' ELSE coalesce(i.basis, 'acted') END AS time_basis,
       CASE WHEN t IS NULL AND NOT (d.from_ms IS NULL AND d.to_ms IS NULL) THEN 'unknown' ELSE 'valid' END AS validity
ORDER BY coalesce(at_ms, 9223372036854775807), interaction, agency, page, paslon
LIMIT $limit
