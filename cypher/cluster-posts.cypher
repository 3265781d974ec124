// title: Posts of a cluster
// purpose: The posts on which most members of one cluster acted.
// judul: Unggahan sebuah klaster
// tujuan: Unggahan tempat paling banyak anggota sebuah klaster bertindak.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: cluster: integer -- number of the cluster in the layer of the run
// parameter: limit: integer = 100 -- most posts to return
// column: post: id of the post
// column: url: address of the post
// column: text: text as published
// column: members: distinct members that acted on it
// column: interactions: interactions of members with it
// column: first_ms: first interaction of a member, UTC epoch milliseconds; null where none has a time
// column: last_ms: last interaction of a member, UTC epoch milliseconds; null where none has a time
// innocent: A post that the whole platform saw draws members of any cluster.
//   Compare with all interactions with the post (post-interactions) before reading intent into it.
// wajar: Unggahan yang dilihat seluruh platform menarik anggota klaster mana pun. Bandingkan dengan semua
//   interaksi pada unggahan itu (post-interactions) sebelum menyimpulkan niat.
// example: graphwatch query cluster-posts -p cluster=1 -p limit=20

MATCH (o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account)-[:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer
  AND k.number = $cluster
RETURN o.id AS post, o.url AS url, o.text AS text, count(DISTINCT a.id) AS members,
       count(i.id) AS interactions, min(i.at_ms) AS first_ms, max(i.at_ms) AS last_ms
ORDER BY members DESC, interactions DESC, post
LIMIT $limit
