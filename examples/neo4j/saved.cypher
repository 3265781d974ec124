// The clusters of the newest run, with their members and pairs
MATCH (r:Run) WHERE r.status = 'complete' WITH r ORDER BY r.created_at_ms DESC LIMIT 1
MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r)
OPTIONAL MATCH (a)-[c:CO_INTERACTED]-(b:Account)-[:MEMBER_OF]->(k) WHERE c.run = r.id
RETURN a, m, k, c, b LIMIT 500;

// What the largest cluster of the newest run acted on, and whose pages that is
MATCH (r:Run) WHERE r.status = 'complete' WITH r ORDER BY r.created_at_ms DESC LIMIT 1
MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster {number: 1})-[:FOUND_IN]->(r)
MATCH (a)-[i:LIKED|COMMENTED|SHARED]->(o:Post)
OPTIONAL MATCH (g:Page)-[p:PUBLISHED]->(o)
OPTIONAL MATCH (g)-[s:SUPPORTS]->(n:Paslon)
RETURN a, i, o, p, g, s, n LIMIT 500;

// Where the data come from
MATCH (s:Source) RETURN s.file, s.kind, s.acquisition, s.legal_basis, s.rows_taken, s.rows_refused ORDER BY s.loaded_at_ms;
