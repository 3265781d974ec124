// title: Interactions of an account
// purpose: The single interactions of one account with posts, the latest first, with their sources.
// judul: Interaksi sebuah akun
// tujuan: Setiap interaksi sebuah akun dengan unggahan, yang terbaru dahulu, beserta sumbernya.
// category: accounts
// parameter: account: text -- id or handle of the account
// parameter: limit: integer = 1000 -- most rows to return
// column: account: id of the account
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: at: time as written in the source; null where unknown
// column: at_ms: time in UTC epoch milliseconds; null where unknown
// column: post: id of the post
// column: url: address of the post
// column: post_text: text of the post
// column: text: text of the comment or share
// column: content_id: native id of the interaction
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction
// innocent: Handles change hands and are imitated; check that the account was this one at that time.
//   An interaction may be a slip of the thumb, or disagreement.
// wajar: Nama akun berpindah tangan dan ditiru; periksa apakah akunnya memang yang ini pada waktu itu. Sebuah
//   interaksi dapat terjadi karena salah sentuh, atau justru tidak setuju.
// example: graphwatch query account-interactions -p account=x:1

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE a.id = $account OR a.handle = $account
RETURN a.id AS account, i.kind AS kind, i.at AS at, i.at_ms AS at_ms, o.id AS post, o.url AS url,
       o.text AS post_text, i.text AS text, i.content_id AS content_id, i.sources AS sources,
       i.id AS interaction
ORDER BY coalesce(at_ms, -1) DESC, interaction
LIMIT $limit
