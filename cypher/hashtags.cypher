// title: Hashtags
// purpose: The hashtags of posts with interactions, the most acted on first.
// judul: Tagar
// tujuan: Tagar pada unggahan yang ditanggapi, yang paling banyak ditanggapi dahulu.
// category: engagement
// parameter: limit: integer = 1000 -- most rows to return
// column: hashtag: the hashtag in lower case, without #
// column: posts: distinct posts with it that were acted on
// column: accounts: distinct accounts that acted on these posts
// column: interactions: interactions with these posts
// column: first_ms: first of these interactions, UTC epoch milliseconds; null where none has a time
// column: last_ms: last of these interactions, UTC epoch milliseconds; null where none has a time
// innocent: A hashtag of the day, or of a debate, brings strangers together without any agreement.
// wajar: Tagar hari itu, atau tagar sebuah debat, mempertemukan orang asing tanpa kesepakatan apa pun.
// example: graphwatch query hashtags -p limit=20

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE o.hashtags IS NOT NULL
UNWIND o.hashtags AS tag
RETURN toLower(tag) AS hashtag, count(DISTINCT o.id) AS posts, count(DISTINCT a.id) AS accounts,
       count(DISTINCT i.id) AS interactions, min(i.at_ms) AS first_ms, max(i.at_ms) AS last_ms
ORDER BY interactions DESC, hashtag
LIMIT $limit
