// title: Links
// purpose: The addresses that several posts link to, those of most posts first.
// judul: Tautan
// tujuan: Alamat yang ditautkan beberapa unggahan, yang paling banyak dahulu.
// category: engagement
// parameter: least: integer = 2 -- fewest posts that link to it
// parameter: limit: integer = 1000 -- most rows to return
// column: link: the address
// column: posts: distinct posts that link to it
// column: first_ms: first of these posts, UTC epoch milliseconds; null where none has a time
// column: last_ms: last of these posts, UTC epoch milliseconds; null where none has a time
// innocent: News, forms and live streams are linked to by everyone; look at who published the posts and how close together.
// wajar: Berita, formulir, dan siaran langsung ditautkan oleh semua orang; lihat siapa yang mengunggahnya dan
//   seberapa rapat waktunya.
// example: graphwatch query links -p least=3

MATCH (o:Post)
WHERE o.links IS NOT NULL
UNWIND o.links AS link
WITH link, count(DISTINCT o.id) AS posts, min(o.at_ms) AS first_ms, max(o.at_ms) AS last_ms
WHERE posts >= $least
RETURN link, posts, first_ms, last_ms
ORDER BY posts DESC, link
LIMIT $limit
