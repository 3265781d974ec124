// title: How a text spread
// purpose: Every comment, share or mention whose text holds some words, in order of time.
// judul: Penyebaran sebuah teks
// tujuan: Setiap komentar, bagikan, atau sebutan yang teksnya memuat kata tertentu, menurut urutan waktu.
// category: coordination
// parameter: text: text -- words that the text holds, as they are written
// parameter: limit: integer = 1000 -- most rows to return
// column: at_ms: time, UTC epoch milliseconds; null where unknown
// column: account: id of the account
// column: handle: its handle
// column: kind: COMMENTED, SHARED or MENTIONED
// column: post: id of the post
// column: text: as it was written
// column: id: of the interaction
// innocent: The first in these records need not be the first anywhere: what was not collected is not here.
// wajar: Yang pertama dalam catatan ini belum tentu yang pertama di mana pun: yang tidak dikumpulkan tidak ada di
//   sini.
// example: graphwatch query text-spread -p text="siap coblos"

MATCH (a:Account)-[c:COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE c.text IS NOT NULL AND c.text CONTAINS $text
RETURN c.at_ms AS at_ms, a.id AS account, a.handle AS handle, c.kind AS kind, o.id AS post, c.text AS text, c.id AS id
ORDER BY at_ms, account, id
LIMIT $limit
