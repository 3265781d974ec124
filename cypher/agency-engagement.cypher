// title: Engagement by agency
// purpose: Interactions of roster accounts of each agency with the pages of each paslon; fewer than five are suppressed.
// category: agencies
// column: agency: id of the agency on the roster
// column: name: name of the agency
// column: paslon: id of the paslon; null where suppressed
// column: number: number of the paslon drawn by KPU; null where suppressed
// column: persons: distinct persons on the roster whose accounts acted; null where suppressed
// column: accounts: distinct accounts; null where suppressed
// column: interactions: interactions; null where suppressed
// column: suppressed: whether a paslon has fewer than five persons or accounts here, so that nothing is shown of the agency
// innocent: Acting on a post is not support, and an agency does not act: its staff may do so for as many reasons as there
//   are persons. Agencies differ in size and in how many of their accounts are known.
// example: graphwatch query agency-engagement

MATCH (s:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[b:BELONGS_TO]->(n:Asn)-[w:WORKS_AT]->(g:Agency)
WITH s, i, a, b, n, w, g
WHERE coalesce(i.at_ms >= b.from_ms, b.from_ms IS NULL) AND coalesce(i.at_ms < b.to_ms, b.to_ms IS NULL)
  AND coalesce(i.at_ms >= w.from_ms, w.from_ms IS NULL) AND coalesce(i.at_ms < w.to_ms, w.to_ms IS NULL)
WITH g, s, count(DISTINCT n.id) AS persons, count(DISTINCT a.id) AS accounts, count(DISTINCT i.id) AS interactions
// One cell below five hides all of its agency: it could be reckoned from the others and a total.
WITH g, min(CASE WHEN persons < accounts THEN persons ELSE accounts END) AS least,
     collect({paslon: s.id, number: s.number, persons: persons, accounts: accounts, acts: interactions}) AS cells
UNWIND cells AS cell
RETURN DISTINCT g.id AS agency, g.name AS name,
       CASE WHEN least >= 5 THEN cell.paslon END AS paslon, CASE WHEN least >= 5 THEN cell.number END AS number,
       CASE WHEN least >= 5 THEN cell.persons END AS persons, CASE WHEN least >= 5 THEN cell.accounts END AS accounts,
       CASE WHEN least >= 5 THEN cell.acts END AS interactions, least < 5 AS suppressed
ORDER BY agency, coalesce(paslon, '')
