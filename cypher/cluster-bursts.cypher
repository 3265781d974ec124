// title: Bursts of a cluster
// purpose: The bursts of one cluster: its members on one post, each within the run's window of the next; the fullest
//   first.
// judul: Letupan sebuah klaster
// tujuan: Letupan sebuah klaster: anggotanya pada satu unggahan, masing-masing dalam jendela waktu dari yang
//   berikutnya; yang paling penuh dahulu.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: cluster: integer -- number of the cluster in the layer of the run
// parameter: together: integer = 2 -- fewest members within one window
// parameter: limit: integer = 1000 -- most bursts to return
// column: post: id of the post, or the page, link or hashtag where that is what the run looked at
// column: url: address of the post or page
// column: published_ms: publication time, UTC epoch milliseconds; null where unknown
// column: together: most members within one window
// column: members: members that took part
// column: size: members of the cluster
// column: first_ms: first of these interactions, UTC epoch milliseconds
// column: last_ms: last of these interactions, UTC epoch milliseconds
// innocent: Minutes after publication fans with notifications on are together by themselves; look at how old
//   the post was. A link that was passed on in a chat brings its readers to an old post within a minute.
// wajar: Beberapa menit setelah terbit, penggemar yang menyalakan notifikasi berkumpul dengan sendirinya; lihat
//   seberapa lama umur unggahannya. Tautan yang diteruskan dalam percakapan membawa pembacanya ke unggahan lama
//   dalam satu menit.
// empty: The run has no such cluster, the cluster no burst of so many members, or an earlier version of graphwatch made
//   the run and kept no bursts; in that case `graphwatch detect` finds them again.
// example: graphwatch query cluster-bursts -p cluster=1 -p together=3

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer AND k.number = $cluster
MATCH (b:Burst)-[:BURST_OF]->(k)
WHERE b.most >= $together
OPTIONAL MATCH (b)-[:BURST_ON]->(o:Post)
OPTIONAL MATCH (b)-[:BURST_ON]->(p:Page)
RETURN b.object AS post, coalesce(o.url, p.url) AS url, o.at_ms AS published_ms, b.most AS together,
       b.members AS members, k.size AS size, b.first_ms AS first_ms, b.last_ms AS last_ms
ORDER BY together DESC, members DESC, first_ms, post
LIMIT $limit
