// title: Bursts of a cluster
// purpose: The posts on which members of one cluster acted within the run's window of each other, the fullest first.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: cluster: integer -- number of the cluster in the layer of the run
// parameter: together: integer = 2 -- fewest members within one window
// parameter: limit: integer = 1000 -- most posts to return
// column: post: id of the post
// column: url: address of the post
// column: published_ms: publication time, UTC epoch milliseconds; null where unknown
// column: together: most members within one window
// column: members: members that acted within the window of another member
// column: size: members of the cluster
// column: first_ms: first of these interactions, UTC epoch milliseconds
// column: last_ms: last of these interactions, UTC epoch milliseconds
// innocent: Minutes after publication fans with notifications on are together by themselves; look at how old
//   the post was. A link that was passed on in a chat brings its readers to an old post within a minute.
// example: graphwatch query cluster-bursts -p cluster 1 -p together 3

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer AND k.number = $cluster
MATCH (k)<-[:MEMBER_OF]-(a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
MATCH (o)<-[j:LIKED|COMMENTED|SHARED|MENTIONED]-(b:Account)-[:MEMBER_OF]->(k)
WHERE a.id <> b.id AND ($layer = 'all' OR i.kind = $layer AND j.kind = $layer) AND j.at_ms - i.at_ms <= r.window_ms
  AND i.at_ms - j.at_ms <= r.window_ms
WITH k, o, a, i, count(DISTINCT CASE WHEN j.at_ms >= i.at_ms THEN b.id END) + 1 AS after
WITH k, o, max(after) AS together, count(DISTINCT a.id) AS members, min(i.at_ms) AS first_ms,
     max(i.at_ms) AS last_ms
WHERE together >= $together
RETURN o.id AS post, o.url AS url, o.at_ms AS published_ms, together AS together, members AS members,
       k.size AS size, first_ms AS first_ms, last_ms AS last_ms
ORDER BY together DESC, members DESC, first_ms, post
LIMIT $limit
