// title: Interactions with several rows
// purpose: Interactions that more than one row supplied, with all of their sources.
// judul: Interaksi dengan beberapa baris
// tujuan: Interaksi yang diberikan lebih dari satu baris, beserta semua sumbernya.
// category: provenance
// parameter: limit: integer = 1000 -- most rows to return
// column: account: id of the account
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: post: id of the post
// column: at_ms: time in UTC epoch milliseconds; null where unknown
// column: rows: rows that supplied it
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction
// innocent: Two files that were cut from one export agree by necessity: that is no second witness.
// wajar: Dua berkas yang dipotong dari satu ekspor tentu sama: itu bukan saksi kedua.
// example: graphwatch query repeated-rows

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE size(i.sources) > 1
RETURN a.id AS account, i.kind AS kind, o.id AS post, i.at_ms AS at_ms, size(i.sources) AS rows,
       i.sources AS sources, i.id AS interaction
ORDER BY rows DESC, interaction
LIMIT $limit
