// title: Posts without publisher
// purpose: Posts that were acted on and whose page or account is not in the records, the most acted on first.
// judul: Unggahan tanpa penerbit
// tujuan: Unggahan yang ditanggapi dan yang halaman atau akunnya tidak ada dalam catatan, yang teramai dahulu.
// category: provenance
// parameter: limit: integer = 1000 -- most rows to return
// column: post: id of the post
// column: url: address of the post
// column: published_ms: publication time, UTC epoch milliseconds; null where unknown
// column: interactions: interactions with it
// column: accounts: distinct accounts that acted
// innocent: These posts count for no page and no paslon: engagement with a pair is at least what is shown, never exactly.
// wajar: Unggahan ini tidak dihitung untuk halaman dan paslon mana pun: keterlibatan dengan sebuah pasangan
//   sekurangnya sebanyak yang ditampilkan, tidak pernah tepat.
// example: graphwatch query posts-without-publisher

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE NOT EXISTS { MATCH (:Page)-[:PUBLISHED]->(o) } AND NOT EXISTS { MATCH (:Account)-[:PUBLISHED]->(o) }
RETURN o.id AS post, o.url AS url, o.at_ms AS published_ms, count(i.id) AS interactions,
       count(DISTINCT a.id) AS accounts
ORDER BY interactions DESC, post
LIMIT $limit
