// title: Clusters
// purpose: The clusters that a run found, with their sizes and times, the largest first.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: limit: integer = 1000 -- most clusters to return
// column: cluster: number of the cluster; 1 is the largest
// column: size: member accounts
// column: pairs: pairs of members that reached the run's count
// column: density: pairs over possible pairs of members
// column: objects: posts on which members co-interacted
// column: first_ms: first co-interaction, UTC epoch milliseconds
// column: last_ms: last co-interaction, UTC epoch milliseconds
// innocent: An active fan club, a newsroom or a class with a group chat acts together openly.
//   A cluster is a lead for a human reviewer, never a verdict.
// example: graphwatch query clusters

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete'
RETURN k.number AS cluster, k.size AS size, k.pairs AS pairs, k.density AS density,
       k.objects AS objects, k.first_ms AS first_ms, k.last_ms AS last_ms
ORDER BY cluster
LIMIT $limit
