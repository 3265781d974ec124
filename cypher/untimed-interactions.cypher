// title: Untimed interactions
// purpose: Interactions whose source has no time, which no test of synchrony can use.
// judul: Interaksi tanpa waktu
// tujuan: Interaksi yang sumbernya tidak memuat waktu, sehingga tidak dipakai dalam uji keserentakan.
// category: provenance
// parameter: limit: integer = 1000 -- most rows to return
// column: account: id of the account
// column: handle: public handle
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: post: id of the post
// column: url: address of the post
// column: observed_at_ms: when it was seen or collected, UTC epoch milliseconds; null where unknown
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction
// innocent: A like on a screenshot shows that it stood there when the picture was taken, not when it was given.
// wajar: Suka pada tangkapan layar menunjukkan bahwa suka itu ada saat gambar diambil, bukan kapan diberikan.
// example: graphwatch query untimed-interactions

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE i.at_ms IS NULL
RETURN a.id AS account, a.handle AS handle, i.kind AS kind, o.id AS post, o.url AS url,
       i.observed_at_ms AS observed_at_ms, i.sources AS sources, i.id AS interaction
ORDER BY account, post, interaction
LIMIT $limit
