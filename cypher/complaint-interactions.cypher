// title: Interactions behind a complaint
// purpose: The recorded interactions of the account that a complaint is about with the post that it is about.
// judul: Interaksi di balik sebuah aduan
// tujuan: Interaksi tercatat dari akun yang diadukan dengan unggahan yang diadukan.
// category: review
// parameter: complaint: text -- id of the complaint
// parameter: limit: integer = 1000 -- most rows to return
// column: complaint: id of the complaint
// column: account: id of the account
// column: handle: its public handle
// column: post: id of the post
// column: url: address of the post
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: claimed_kind: kind that the complaint names; null where none is named
// column: at: time as written in the source; null where unknown
// column: at_ms: time in UTC epoch milliseconds; null where unknown, and then last
// column: claimed_ms: time that the complaint names, UTC epoch milliseconds; null where unknown
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction
// innocent: No row means that the records have no such interaction, not that there was none; and one that is there may be
//   a slip, or have been taken back.
// wajar: Tanpa baris berarti catatan tidak memuat interaksi itu, bukan bahwa hal itu tidak terjadi; yang ada pun
//   dapat berupa salah sentuh, atau sudah ditarik kembali.
// example: graphwatch query complaint-interactions -p complaint=A-1

MATCH (o:Post)<-[:ABOUT]-(c:Complaint)-[:ABOUT]->(a:Account)
WHERE c.id = $complaint
MATCH (a)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o)
RETURN c.id AS complaint, a.id AS account, a.handle AS handle, o.id AS post, o.url AS url, i.kind AS kind,
       c.kind AS claimed_kind, i.at AS at, i.at_ms AS at_ms, c.at_ms AS claimed_ms, i.sources AS sources,
       i.id AS interaction
ORDER BY coalesce(at_ms, 9223372036854775807), interaction
LIMIT $limit
