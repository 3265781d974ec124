// title: Engagement by paslon
// purpose: Interactions with the posts of all pages of each paslon by kind, as totals without accounts.
// judul: Keterlibatan menurut paslon
// tujuan: Interaksi dengan unggahan semua halaman setiap paslon menurut jenis, sebagai jumlah tanpa akun.
// category: engagement
// column: paslon: id of the paslon
// column: number: number of the paslon drawn by KPU
// column: name: names on the ballot
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: pages: distinct pages whose posts were acted on
// column: posts: distinct posts with an interaction of that kind
// column: accounts: distinct accounts
// column: interactions: interactions of that kind
// column: timed: of these, with a time of the act
// column: observed: of these, of which only is known when somebody looked
// column: untimed: of these, without any time
// innocent: Totals follow how many pages of each pair were collected, and for how long; they are no poll.
// wajar: Jumlah mengikuti berapa halaman setiap pasangan yang dikumpulkan, dan selama apa; ini bukan survei.
// example: graphwatch query paslon-engagement

MATCH (s:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account)
RETURN s.id AS paslon, s.number AS number, s.name AS name, i.kind AS kind, count(DISTINCT p.id) AS pages,
       count(DISTINCT o.id) AS posts, count(DISTINCT a.id) AS accounts, count(DISTINCT i.id) AS interactions,
       count(DISTINCT CASE WHEN i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' THEN i.id END) AS timed,
       count(DISTINCT CASE WHEN i.at_ms IS NOT NULL AND i.basis = 'observed' THEN i.id END) AS observed,
       count(DISTINCT CASE WHEN i.at_ms IS NULL THEN i.id END) AS untimed
ORDER BY paslon, kind
