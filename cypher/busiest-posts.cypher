// title: Busiest posts
// purpose: The posts with the most interactions, with the span of time in which they came.
// judul: Unggahan teramai
// tujuan: Unggahan dengan interaksi terbanyak, beserta rentang waktu datangnya.
// category: engagement
// parameter: limit: integer = 100 -- most posts to return
// column: post: id of the post
// column: platform: short name of the platform
// column: url: address of the post
// column: text: text as published
// column: published_ms: publication time, UTC epoch milliseconds; null where unknown
// column: interactions: interactions with it
// column: accounts: distinct accounts that acted
// column: first_ms: first interaction, UTC epoch milliseconds; null where none has a time
// column: last_ms: last interaction, UTC epoch milliseconds; null where none has a time
// innocent: A viral post brings strangers together within seconds by chance alone; it is poor evidence for a pair.
// wajar: Unggahan yang viral mempertemukan orang asing dalam hitungan detik karena kebetulan saja; bukti yang
//   lemah untuk sebuah pasangan.
// example: graphwatch query busiest-posts -p limit=20

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
RETURN o.id AS post, o.platform AS platform, o.url AS url, o.text AS text, o.at_ms AS published_ms,
       count(i.id) AS interactions, count(DISTINCT a.id) AS accounts,
       min(i.at_ms) AS first_ms, max(i.at_ms) AS last_ms
ORDER BY interactions DESC, post
LIMIT $limit
