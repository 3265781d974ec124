// title: Evidence for a pair
// purpose: The interactions of two accounts with the same posts, side by side, with the gap between them.
// judul: Bukti untuk sebuah pasangan
// tujuan: Interaksi dua akun dengan unggahan yang sama, berdampingan, beserta jeda di antaranya.
// category: coordination
// parameter: account_a: text -- id or handle of one account
// parameter: account_b: text -- id or handle of the other account
// parameter: limit: integer = 1000 -- most rows to return
// column: post: id of the post
// column: url: address of the post
// column: account_a: id of one account
// column: kind_a: kind of its interaction
// column: at_a: its time as written in the source
// column: account_b: id of the other account
// column: kind_b: kind of its interaction
// column: at_b: its time as written in the source
// column: gap_ms: milliseconds between the two; null where one has no time
// column: sources_a: source:row of every row that supplied the one interaction
// column: sources_b: source:row of every row that supplied the other
// innocent: Gaps of hours show a common interest and nothing else; small gaps right after publication
//   show notifications. Look for small gaps long after publication, on many posts.
// wajar: Selisih berjam-jam menunjukkan minat yang sama dan tidak lebih; selisih kecil segera setelah terbit
//   menunjukkan notifikasi. Cari selisih kecil lama setelah terbit, pada banyak unggahan.
// example: graphwatch query pair-evidence -p account_a=x:1 -p account_b=x:2

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)<-[j:LIKED|COMMENTED|SHARED|MENTIONED]-(b:Account)
WHERE (a.id = $account_a OR a.handle = $account_a) AND (b.id = $account_b OR b.handle = $account_b)
  AND a.id <> b.id
RETURN o.id AS post, o.url AS url, a.id AS account_a, i.kind AS kind_a, i.at AS at_a,
       b.id AS account_b, j.kind AS kind_b, j.at AS at_b,
       CASE WHEN i.at_ms > j.at_ms THEN i.at_ms - j.at_ms ELSE j.at_ms - i.at_ms END AS gap_ms,
       i.sources AS sources_a, j.sources AS sources_b
ORDER BY post, i.at_ms, j.at_ms, i.id, j.id
LIMIT $limit
