// title: Engagement by page
// purpose: Interactions with the posts of each page by kind, as totals without accounts.
// judul: Keterlibatan menurut halaman
// tujuan: Interaksi dengan unggahan setiap halaman menurut jenis, sebagai jumlah tanpa akun.
// category: engagement
// parameter: limit: integer = 1000 -- most rows to return
// column: page: id of the page
// column: handle: its public handle
// column: class: official, campaign_team, volunteers, party or media
// column: paslon: id of the paslon that the page campaigns for; null where none is known
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: posts: distinct posts of the page with an interaction of that kind
// column: accounts: distinct accounts
// column: interactions: interactions of that kind
// column: timed: of these, with a time of the act
// column: observed: of these, of which only is known when somebody looked
// column: untimed: of these, without any time
// innocent: Totals follow how much was collected from each page, how often it posts and how large it is.
//   Compare pages only where they were collected the same way.
// wajar: Jumlah mengikuti banyaknya yang dikumpulkan dari setiap halaman, seringnya mengunggah, dan besarnya
//   halaman. Bandingkan halaman hanya bila dikumpulkan dengan cara yang sama.
// example: graphwatch query page-engagement

MATCH (p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account)
WITH p, i.kind AS kind, count(DISTINCT o.id) AS posts, count(DISTINCT a.id) AS accounts,
     count(i.id) AS interactions,
     count(CASE WHEN i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' THEN i.id END) AS timed,
     count(CASE WHEN i.at_ms IS NOT NULL AND i.basis = 'observed' THEN i.id END) AS observed,
     count(CASE WHEN i.at_ms IS NULL THEN i.id END) AS untimed
OPTIONAL MATCH (p)-[:SUPPORTS]->(s:Paslon)
RETURN p.id AS page, p.handle AS handle, p.class AS class, s.id AS paslon, kind AS kind, posts AS posts,
       accounts AS accounts, interactions AS interactions, timed AS timed, observed AS observed, untimed AS untimed
ORDER BY page, kind, paslon
LIMIT $limit
