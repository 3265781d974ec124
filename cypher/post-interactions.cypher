// title: Interactions with a post
// purpose: The single interactions of all accounts with one post, in order of time, with their sources.
// judul: Interaksi dengan sebuah unggahan
// tujuan: Setiap interaksi semua akun dengan satu unggahan, menurut urutan waktu, beserta sumbernya.
// category: engagement
// parameter: post: text -- id or address of the post
// parameter: limit: integer = 1000 -- most rows to return
// column: post: id of the post
// column: account: id of the account
// column: handle: public handle
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: at: time as written in the source; null where unknown
// column: at_ms: time in UTC epoch milliseconds; null where unknown, and then last
// column: text: text of the comment or share
// column: content_id: native id of the interaction
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction
// innocent: A burst right after publication, or after a large account shared the post, is how posts spread.
// wajar: Letupan segera setelah terbit, atau setelah akun besar membagikannya, adalah cara unggahan menyebar.
// example: graphwatch query post-interactions -p post=x:100

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE o.id = $post OR o.url = $post
RETURN o.id AS post, a.id AS account, a.handle AS handle, i.kind AS kind, i.at AS at, i.at_ms AS at_ms,
       i.text AS text, i.content_id AS content_id, i.sources AS sources, i.id AS interaction
ORDER BY coalesce(at_ms, 9223372036854775807), interaction
LIMIT $limit
