// title: Pace of a post
// purpose: How many accounts acted on one post in each minute since the first of them, to tell a burst from a crowd.
// judul: Tempo sebuah unggahan
// tujuan: Berapa akun bertindak pada satu unggahan setiap menit sejak yang pertama, untuk membedakan letupan dari
//   keramaian.
// category: time
// parameter: post: text -- id or address of the post
// parameter: limit: integer = 1000 -- most rows to return
// column: post: id of the post
// column: minute: whole minutes since the first timed interaction
// column: interactions: interactions in that minute
// column: accounts: distinct accounts that acted
// column: published_ms: publication of the post, UTC epoch milliseconds; null where unknown
// column: first_ms: first interaction in that minute, UTC epoch milliseconds
// innocent: Only acts of which the time is known to the minute are here; post-interactions has all. A crowd in the first minutes is what notifications do, and a later one what a share by a large account does.
// wajar: Hanya tindakan yang waktunya diketahui sampai menit ada di sini; post-interactions memuat semuanya.
//   Keramaian pada menit pertama adalah akibat notifikasi, dan yang kemudian akibat dibagikan akun besar.
// example: graphwatch query post-pace -p post=x:100

MATCH (:Account)-[j:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE (o.id = $post OR o.url = $post) AND j.at_ms IS NOT NULL
  AND coalesce(j.basis, 'acted') <> 'observed' AND coalesce(j.precision_ms, 0) <= 60000
WITH o, min(j.at_ms) AS starts_ms
MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o)
WHERE i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' AND coalesce(i.precision_ms, 0) <= 60000
RETURN o.id AS post, (i.at_ms - starts_ms) / 60000 AS minute, count(i.id) AS interactions,
       count(DISTINCT a.id) AS accounts, o.at_ms AS published_ms, min(i.at_ms) AS first_ms
ORDER BY post, minute
LIMIT $limit
