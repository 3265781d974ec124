// title: Engagement of agencies by phase
// purpose: Timed interactions of roster accounts of each agency with paslon pages in each phase; below five suppressed.
// category: agencies
// column: agency: id of the agency on the roster
// column: name: name of the agency
// column: calendar: id of the calendar
// column: phase: name of the phase; null where suppressed
// column: persons: distinct persons on the roster whose accounts acted; null where suppressed
// column: accounts: distinct accounts; null where suppressed
// column: interactions: interactions; null where suppressed
// column: suppressed: whether a phase has fewer than five persons or accounts here, so that nothing is shown of the agency
// innocent: Phases differ in length, in how much the campaigns post and in how much was collected.
//   What is forbidden in one phase may be allowed in another; see `graphwatch provisions`.
// example: graphwatch query agency-phases

MATCH (:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[b:BELONGS_TO]->(n:Asn)-[w:WORKS_AT]->(g:Agency), (f:Phase)
WITH i, a, b, n, w, g, f
WHERE i.at_ms >= f.from_ms AND i.at_ms < f.to_ms
  AND i.at_ms >= coalesce(b.from_ms, -9007199254740991) AND i.at_ms < coalesce(b.to_ms, 9007199254740991)
  AND i.at_ms >= coalesce(w.from_ms, -9007199254740991) AND i.at_ms < coalesce(w.to_ms, 9007199254740991)
WITH g, f, count(DISTINCT n.id) AS persons, count(DISTINCT a.id) AS accounts, count(DISTINCT i.id) AS interactions
// One cell below five hides all of its agency: it could be reckoned from the others and a total.
WITH g, f.calendar AS calendar, min(CASE WHEN persons < accounts THEN persons ELSE accounts END) AS least,
     collect({phase: f.name, starts_ms: f.from_ms, persons: persons, accounts: accounts, acts: interactions}) AS cells
UNWIND cells AS cell
WITH DISTINCT g.id AS agency, g.name AS name, calendar AS calendar, least AS least,
     CASE WHEN least >= 5 THEN cell.phase END AS phase, CASE WHEN least >= 5 THEN cell.starts_ms END AS starts_ms,
     CASE WHEN least >= 5 THEN cell.persons END AS persons, CASE WHEN least >= 5 THEN cell.accounts END AS accounts,
     CASE WHEN least >= 5 THEN cell.acts END AS interactions
RETURN agency, name, calendar, phase, persons, accounts, interactions, least < 5 AS suppressed
ORDER BY agency, calendar, coalesce(starts_ms, 0), coalesce(phase, '')
